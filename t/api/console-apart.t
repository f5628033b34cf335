#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The console on a host of its own, as docs/security.md shows it: what runs on
# the pages of the shop has no way to the operators' side, with their cookies
# or without.

use lib 't/lib';
use Chat;

use Routes ();

my $t = Chat->new->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;
        server_name office.example;

        location /chat/ { chat; }
    }

    server {
        listen 127.0.0.1:%%PORT2%%;
        server_name www.example.com;

        location /chat/ { chat; }
        location /chat/console/ { return 404; }
        location ~ ^/chat/api/v1/(operator|admin)/ { return 404; }
    }
}
CONF

my $shop = $t->port(2);
my $admin = $t->admin;
my $visitor = $t->browser->post('visitor/session', {}, port => $shop,
    headers => { Origin => "http://127.0.0.1:$shop" });

is($visitor->code, 200, 'visitors come in on the shop\'s host');
is($t->browser->get('/chat/loader.js', port => $shop)->code, 200,
   'with the widget');
is($t->browser->get('/chat/console/', port => $shop)->code, 404,
   'and without the console');
is($t->browser->get('/chat/console/')->code, 200, 'which is at the office');

# the cookie jar keeps cookies by host, not by port: they come along

for my $route (grep { $_->{path} !~ /^visitor/ } Routes->all) {
    for my $path ($route->{path},
                  $route->{path} =~ s{^(\w)}{sprintf '%%%02x', ord $1}er)
    {
        my ($method, undef, @rest) = Routes->request($route);
        my $res = $admin->request($method, $path =~ s/:id/1/r, @rest,
            port => $shop, unjudged => 1,
            headers => { Origin => "http://127.0.0.1:$shop" });

        is($res->code, 404, "$method $path: not on the shop\'s host");
    }
}

is($admin->who_am_i->code, 200, 'at the office one is logged in');

$t->done;
