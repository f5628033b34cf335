#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A proxy ends TLS before this nginx: with chat_secure the cookies are as if
# nginx saw TLS itself.

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

for ([ '/chat/', qr/; SameSite=Lax$/, 'chat_operator' ],
     [ '/behind/', qr/; SameSite=Lax; Secure$/, '__Host-chat_operator' ])
{
    my ($prefix, $visitors, $name) = @$_;
    my $browser = $t->browser;

    my $open = $browser->post("${prefix}api/v1/visitor/session", {});
    like($open->headers->set_cookie, $visitors, "$prefix: a visitor's");

    my $in = $browser->post("${prefix}api/v1/operator/session",
        { login => $admin->login, password => $admin->password });
    like($in->headers->set_cookie, qr/^\Q$name\E=/, "$prefix: its name");

    my ($token) = $in->headers->set_cookie =~ /=([^;]+)/;

    for my $sent ('chat_operator', '__Host-chat_operator') {
        is($t->browser->get("${prefix}api/v1/operator/session",
                            headers => { Cookie => "$sent=$token" })->code,
           $sent eq $name ? 200 : 401, "$prefix: $sent comes back");
    }
}

$t->done;
