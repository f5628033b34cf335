#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# What "chat_widget" tells the button: of which chat it is, whether somebody is
# there, whether it shows without; and what a page that is old asks.

use lib 't/lib';
use Chat;
use Mojo::JSON qw(decode_json);
use Pages qw(page);

my $t = Chat->new(workers => 2)->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    default_type text/html;
    chat_widget on;

    server {
        listen 127.0.0.1:%%PORT%%;

        location / { return 200 "<html><body></body></html>"; }
        location /help/ { chat; }
        location /chat/ { chat; chat_origins https://shop.example; }

        location /hide/ {
            chat_offline hide;
            return 200 "<html><body></body></html>";
        }

        location /followed/ {
            chat_track $arg_track;
            return 200 "<html><body></body></html>";
        }

        location /agreed/ {
            chat_consent $arg_agreed;
            return 200 "<html><body></body></html>";
        }

        location /away/ {
            chat_prefix https://chat.example.com/shop/;
            return 200 "<html><body></body></html>";
        }

        location /hand/ {
            chat_prefix https://chat.example.com/shop/;
            return 200 "<body><script src='//chat.example.com/shop/loader.js'></script></body>";
        }
    }

    # a server without a chat has none to give

    server {
        listen 127.0.0.1:%%PORT2%%;
        return 200 "<html><body></body></html>";
    }
}
EOF

my $operator = $t->operator;

like(state_of('/')->{src}, qr{^/help/loader\.js$}, 'the first chat there is');
like(state_of('/away/')->{src},
     qr{^https://chat\.example\.com/shop/loader\.js$}, 'or the one that is said');
unlike(page($t->url('/hand/'))->body, qr/data-chat/, 'which a page may have');
unlike(page('http://127.0.0.1:' . $t->port(2))->body, qr/script/,
       'a server without a chat');

ok(abs(state_of('/')->{at} - time) <= 2, 'the time');
is(state_of('/')->{offline}, 'show', 'the button shows');
is(state_of('/hide/')->{offline}, 'hide', 'or hides');

# each worker makes the element once a second, of a location and for who is
# followed there

my $at = state_of('/')->{at};

ok(wait_for(sub { state_of('/')->{at} > $at }, 5), 'the time goes on');

# it is not known at first whether there are invitations, until one asks

my $shopper = $t->visitor;

like(page($t->url('/followed/?track=1'))->body, qr/"invite"/, 'not known');
ok(wait_for(sub {
    $shopper->get('/followed/?track=1');
    $shopper->get('visitor/invitation');
    page($t->url('/followed/?track=1'))->body !~ /"invite"/;
}, 10), 'there are none');

for my $track (1, 0, 0, 1, 1, 0, 0, 1) {
    is(page($t->url("/followed/?track=$track"))->body =~ / data-track / ? 1 : 0,
       $track, $track ? 'followed' : 'not followed');
}

# consent is of each request, and nothing is said where it is not asked for

ok(!exists state_of('/')->{store}, 'not asked');

for my $agreed (1, 0, 1, '', 'off', 'yes') {
    my $state = state_of("/agreed/?agreed=$agreed");

    if ($agreed && $agreed ne 'off') {
        ok(!exists $state->{store}, "agreed: '$agreed'");
        next;
    }

    ok(exists $state->{store} && !$state->{store}, "refused: '$agreed'");
}

# who is there

ok(!state_of('/')->{available}, 'nobody is there');
ok(!asked()->json->{available}, 'nor for who asks');

my $stream = $operator->stream;

$operator->presence('online');

ok(wait_for(sub { state_of('/')->{available} }, 5), 'somebody is');
ok(asked()->json->{available}, 'for who asks, too');

$operator->presence('away');

ok(wait_for(sub { !state_of('/')->{available} }, 5), 'and is not');
ok(!asked()->json->{available}, 'for who asks, too');

# asking leaves no trace, and is for pages of other origins, too

my $res = asked(Origin => 'https://shop.example');

is($res->code, 200, 'asked from elsewhere');
is($res->headers->header('Access-Control-Allow-Origin'),
   'https://shop.example', 'which may read it');
is($res->headers->header('Set-Cookie'), undef, 'no cookie');
is($res->headers->cache_control, 'no-store', 'nothing is kept');
is(asked(Origin => 'https://other.example')->code, 403, 'others may not');

$t->done;


sub state_of ($path) {
    my ($src, $state) = page($t->url($path))->body
                        =~ /<script src="([^"]*)".* data-chat='([^']*)'/;

    return { src => $src, %{ decode_json($state) } };
}


sub asked (%head) {
    return $t->visitor->get('visitor/availability', headers => \%head);
}
