#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Under TLS cookies never leave it: Secure, and for operators a name that
# makes browsers insist on that.

use lib 't/lib';
use Chat;

my $t = Chat->new->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%% ssl;
        %%CERT%%

        location /chat/ { chat; }
    }
}
CONF

my $visitor = $t->visitor;

like($visitor->opened->headers->set_cookie,
     qr{^__Host-chat_visitor=[\w-]+;[ ]Path=/;[ ]Max-Age=\d+;[ ]HttpOnly;
        [ ]SameSite=Lax;[ ]Secure$}x,
     'a visitor\'s cookie');
is($visitor->say('hello')->code, 201, 'and it comes back');

my $admin = $t->admin;
my $in = $admin->post('operator/session',
    { login => $admin->login, password => $admin->password });

my $cookie = $in->headers->set_cookie;

like($cookie,
     qr{^__Host-chat_operator=[\w-]+;[ ]Path=/;[ ]Max-Age=604800;[ ]HttpOnly;
        [ ]SameSite=Strict;[ ]Secure$}x,
     'an operator\'s cookie');
unlike($cookie, qr/Domain/i, 'for this host only');
is($admin->who_am_i->code, 200, 'and it comes back');

# the plain name, which a page without TLS could have set, is nothing here

my ($token) = $cookie =~ /=([^;]+)/;

is($t->browser->get('operator/session',
                    headers => { Cookie => "chat_operator=$token" })->code,
   401, 'not under the plain name');
is($t->browser->get('operator/session',
                    headers => { Cookie => "__Host-chat_operator=$token" })
     ->code, 200, 'under its own name');

my $out = $admin->log_out;

is($out->code, 204, 'logged out');
like($out->headers->set_cookie,
     qr/^__Host-chat_operator=; Path=\/; Max-Age=0; .*; Secure$/,
     'the cookie is taken away');

$t->done;
