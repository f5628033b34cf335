#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Behind a proxy that ends TLS, chat_secure makes the cookies those of TLS,
# and the origin is the one that the browser knows.

use lib 't/lib';
use Chat;

my $t = Chat->new->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
        location /behind/ { chat; chat_secure on; }
    }
}
CONF

my $admin = $t->admin;
my %right = (login => $admin->login, password => $admin->password);
my %from = (headers => { Host => 'shop.example',
                         Origin => 'https://shop.example' });

my $visitor = $t->browser->post('/behind/api/v1/visitor/session', {}, %from);

is($visitor->code, 200, 'a visitor');
like($visitor->headers->set_cookie, qr/^__Host-chat_visitor=.*; Secure$/,
     'Secure');

my $in = $t->browser->post('/behind/api/v1/operator/session', \%right, %from);

is($in->code, 201, 'an operator');
like($in->headers->set_cookie, qr/^__Host-chat_operator=.*; Secure$/,
     'Secure, and for this host');

my ($cookie) = $in->headers->set_cookie =~ /^([^;]+)/;

is($t->browser->get('/behind/api/v1/operator/session',
                    headers => { Cookie => $cookie })->code, 200,
   'which comes back');
is($t->browser->get('/behind/api/v1/operator/session', headers => {
       Cookie => $cookie =~ s/^__Host-//r,
   })->code, 401, 'under this name only');

# not without being told

unlike($t->browser->post('visitor/session')->headers->set_cookie, qr/Secure/,
       'a plain connection is one');

$t->done;
