#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Two sites of one nginx, told apart by chat_site: an identity of one is worth
# nothing on the other, as a cookie or as a token.

use lib 't/lib';
use Chat;

my $t = Chat->new->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        chat_site red;

        location /chat/ { chat; }
    }

    server {
        listen 127.0.0.1:%%PORT2%%;

        chat_site blue;

        location /chat/ { chat; }
        location /same/ { chat; chat_site red; }
    }
}
CONF

my $blue = $t->port(2);
my $visitor = $t->visitor;

is($visitor->say('I am red')->code, 201, 'at home on one site');

# Mojolicious keeps cookies by host: this one goes to both ports

my $token = cookie($visitor->opened);

for my $how (
    ['a cookie' => { Cookie => "chat_visitor=$token" }],
    ['a token' => { Authorization => "Bearer $token" }],
) {
    my ($what, $headers) = @$how;

    is($t->browser->get('visitor/history', headers => $headers)->code, 200,
       "$what is good at home");
    is($t->browser->get('visitor/history', headers => $headers,
                        port => $blue)->code,
       401, "$what is nothing on the other site");
    is($t->browser->get('visitor/events?after=0&wait=0', headers => $headers,
                        port => $blue)->code,
       401, "$what hears nothing there");
}

my $there = $t->browser->post('visitor/session', {}, port => $blue, headers => {
    Cookie => "chat_visitor=$token",
    Origin => "http://127.0.0.1:$blue",
});

is($there->code, 200, 'there, one is new');
is($there->json->{conversation}, undef, 'without a past');
isnt(cookie($there), $token, 'under another identity');

# the same site at two addresses is one

my $home = $t->browser->get('/same/api/v1/visitor/history', port => $blue,
                            headers => { Cookie => "chat_visitor=$token" });

is($home->code, 200, 'a second address of the same site');
is($home->json->{events}[-1]{data}{text}, 'I am red', 'knows the visitor');

$t->done;


sub cookie ($res) {
    return $res->headers->set_cookie =~ /^chat_visitor=([^;]+)/ ? $1 : '';
}
