#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# "if" and limit_except within a chat location change what they say, and the
# chat stays there.

use lib 't/lib';
use Chat;

my $t = Chat->new(workers => 1)->config(<<'EOT')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ {
            chat;
            chat_origins https://shop.example;

            if ($http_x_test) {
                add_header X-Test $http_x_test;
            }

            if ($http_x_block) {
                return 403;
            }

            limit_except GET {
                allow 127.0.0.1;
                deny all;
            }
        }

        location /other/ {
            chat;

            limit_except GET { deny all; }
        }
    }
}
EOT

my $visitor = $t->visitor;

is($visitor->say('hello')->code, 201, 'limit_except lets who may write');

my $res = $visitor->get('visitor/history', headers => { 'X-Test' => 'here' });

is($res->code, 200, 'the chat is within "if"');
is($res->headers->header('X-Test'), 'here', 'with what stands there');

$res = $visitor->get('/chat/loader.js', headers => { 'X-Test' => 'here' });

is($res->code, 200, 'so are its files');

$res = $visitor->post('visitor/session', {}, headers => {
    'X-Test' => 'both', Origin => 'https://shop.example',
});

is($res->code, 200, 'both at once');
is($res->headers->header('Access-Control-Allow-Origin'),
   'https://shop.example', 'what the location says holds there');

is($visitor->get('visitor/history', headers => { 'X-Block' => 1 },
                 unjudged => 1)->code, 403, 'it may also refuse');

is($visitor->post('/other/api/v1/visitor/session', {}, unjudged => 1)->code,
   403, 'and so may limit_except');

$t->done;
