#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The wall clock is set by an hour or a year, forth and back: polls end in
# time, streams beat, and the order is that of the ids.

use lib 't/lib';
use Chat;

use Clock;
use Time::HiRes qw(time);

my $t = Chat->new->config(<<'EOF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
    }
}
EOF

my $clock = Clock->new($t)->start;
my $visitor = $t->visitor;
my $admin = $t->admin;

$visitor->say('before');
$visitor->cursor($visitor->poll(wait => 0)->json->{cursor});

my $stream = $visitor->stream;
my @sent;

for my $seconds (3600, -7200, 365 * 86400, -366 * 86400) {
    my $answer;
    my $began = time;

    $visitor->poll_p(wait => 1)->then(sub ($res) { $answer = $res });
    $clock->move($seconds);

    ok(wait_for(sub { $answer }, 5), "$seconds s: a poll ends");
    cmp_ok(time - $began, '<', 4, "$seconds s: in time");

    # what is said now is heard now, whatever the clock says

    my $res = $admin->say($visitor->conversation, "after $seconds");

    $res = $admin->log_in->say($visitor->conversation, "after $seconds")
        if $res->code == 401;

    is($res->code, 201, "$seconds s: a message");
    push @sent, $res->json->{event}{id};

    ok($stream->wait(sub (@events) {
        grep { ($_->{id} // 0) == $sent[-1] } @events;
    }, 5), "$seconds s: is heard");

    # a stream lives, and beats

    my $others = $t->visitor->say('elsewhere')->json->{event}{id};

    $clock->pass(25);
    ok(wait_for(sub { $stream->last_id >= $others }, 10),
       "$seconds s: a heartbeat");
}

my @heard = grep { $_->{type} eq 'message' } $stream->events;

is_deeply([ map { $_->{id} } @heard ], \@sent, 'all is in the order of ids');
ok(!$stream->over, 'the stream is the same one');

my @again = grep { $_->{type} eq 'message' }
            @{ $visitor->get('visitor/events', query => { after => 0 })
                       ->json->{events} };

is_deeply([ map { $_->{data}{text} } @again[1 .. $#again] ],
          [ map { $_->{data}{text} } @heard ], 'for those who come later, too');

$stream->close;
$t->done;
