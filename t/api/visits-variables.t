#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The module's variables, where nginx lets variables stand: in "if", "map",
# "limit_req", the access log, and headers to the backend.

use lib 't/lib';
use Chat;
use Chat::Visits;

my $t = Chat->new->config(<<'EOF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_track on;
    default_type text/html;

    log_format chat "$uri $chat_visitor/$chat_conversation/$chat_segment";
    access_log %%DIR%%/chat.log chat;

    map $chat_available $greeting { 1 here; default away; }
    limit_req_zone $chat_visitor zone=one:1m rate=1r/m;

    server {
        listen 127.0.0.1:%%PORT%%;

        location / {
            return 200 "$greeting $chat_available $chat_agents_online";
        }

        location /who {
            return 200 "$chat_visitor,$chat_conversation,$chat_segment";
        }

        location /troll { return 200 "<$chat_blocked>"; }

        location /team {
            if ($chat_agents_online = 0) { return 503; }
            return 204;
        }

        location /slow { limit_req zone=one; empty_gif; }

        location /shop {
            proxy_set_header X-Visitor $chat_visitor;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }

        location /chat/ { chat; }
    }

    server {
        listen 127.0.0.1:%%PORT2%%;
        chat_track off;
        location / { return 200 "told $http_x_visitor"; }
    }
}
EOF

$t->start;

my $agent = $t->operator;
my $stranger = $t->browser;
my $visitor = $t->visitor;

# who asks

is(ask($stranger, '/who'), ',,', 'a stranger');
is(ask($stranger, '/who'), ',,new', 'who is on the live list by now');

my ($id) = ask($visitor, '/who') =~ /^(\d+),,/;

ok($id, 'a visitor has a number');
like(ask($visitor, '/who'), qr/^$id,,new$/, 'and keeps it');

$visitor->say('hello');

my $conversation = $visitor->conversation;

ok(wait_for(sub { ask($visitor, '/who') eq "$id,$conversation,new" }, 5),
   'the conversation');

is(ask($visitor, '/shop'), "told $id", 'the backend hears who it is');
is($visitor->get('/slow')->code, 200, 'one request');
is($visitor->get('/slow')->code, 503, 'one too many');
is($t->visitor->get('/slow')->code, 200, 'of another visitor: one');
is($stranger->get('/slow')->code, 200, 'who has no number has no limit')
    for 1 .. 3;

# who is blocked

is(ask($visitor, '/troll'), '<>', 'nobody is blocked');

my $block = $agent->post('operator/blocks', {
    conversation => $conversation, mode => 'ghost',
});

is($block->code, 201, 'now somebody is');
is(ask($visitor, '/troll'), '<ghost>', 'the visitor');
is(ask($stranger, '/troll'), '<>', 'and no other');
$agent->delete('operator/blocks/' . $block->json->{block}{id});
is(ask($visitor, '/troll'), '<>', 'and then no longer');

$agent->close($conversation);
ok(wait_for(sub { ask($visitor, '/who') eq "$id,,new" }, 5), 'it is over');

# who is there

is(ask($stranger, '/'), 'away 0 0', 'nobody');
is($stranger->get('/team')->code, 503, 'in "if"');

$agent->presence('online');
$agent->poll(wait => 0);

is(ask($stranger, '/'), 'here 1 1', 'somebody');
is($stranger->get('/team')->code, 204, 'in "if"');

my $second = $t->operator;

$second->presence('online');
$second->poll(wait => 0);

is(ask($stranger, '/'), 'here 1 2', 'two');

$t->stop;

like($t->read('chat.log'), qr{^/who $id/$conversation/new$}m, 'in the log');
like($t->read('chat.log'), qr{^/who //new$}m, 'and a stranger');

# without any chat they are empty, and harmless

$t->config(<<'EOF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location / {
            return 200 "<$chat_visitor$chat_conversation$chat_segment$chat_agents_online>$chat_available";
        }
    }
}
EOF

$t->start;
is(ask($stranger, '/'), '<>0', 'nothing');

$t->done;


sub ask ($who, $path) {
    return $who->get($path, headers => { 'User-Agent' => BROWSER })->body;
}
