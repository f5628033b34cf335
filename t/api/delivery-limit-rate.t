#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# limit_rate slows a stream down as it does anything else, and no more.

use lib 't/lib';
use Chat;

my $t = Chat->new(workers => 1)->config(<<'EOT')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; limit_rate 100k; }
    }
}
EOT

my $visitor = $t->visitor;
my $admin = $t->admin;

$visitor->say('hello');
$admin->take($visitor->conversation);

my $stream = $visitor->stream;
my $text = 'x' x 4000;
my $n = 0;

# about three seconds at this rate; each that is late waits for send_timeout

for my $round (1 .. 15) {
    $visitor->all(map { $visitor->say_p($text) } 1 .. 5);
    $n += 5;
}

my $last = $admin->say($visitor->conversation, 'the end')->json->{event}{id};

ok($stream->wait(sub (@events) {
       grep { ($_->{id} // 0) == $last } @events
   }, 15), 'all of it comes');

# one at a time: the delay that a full second leaves behind is short, too

for my $i (1 .. 5) {
    $last = $admin->say($visitor->conversation, $text)->json->{event}{id};

    ok($stream->wait(sub (@events) {
           grep { ($_->{id} // 0) == $last } @events
       }, 5), "and message $i after it");
}

$stream->close;
$t->done;
