#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The same address streams: a first comment and "retry", events with their
# ids, a heartbeat that moves the cursor, and Last-Event-ID to go on.

use lib 't/lib';
use Chat;

use Clock;
use Waiting qw(wait_for_waiting);

my $t = Chat->new->config(<<'EOF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
        location = /status { stub_status; }
    }
}
EOF

my $clock = Clock->new($t)->start;

my $visitor = $t->visitor;
my $other = $t->visitor;
my $admin = $t->admin;

my $stream = $visitor->stream;

is($stream->code, 200, 'a stream');
like($stream->headers->content_type, qr{^text/event-stream}, 'by its type');
is($stream->headers->cache_control, 'no-store', 'that nobody keeps');
is($stream->headers->header('X-Accel-Buffering'), 'no',
   'and no proxy holds back');

ok(wait_for(sub { $stream->text =~ /\n\n/ }, 5), 'bytes come at once');
like($stream->text, qr/\Aretry: \d+\n/, 'first how soon to come back');
like($stream->text, qr/^: ?\w+$/m, 'and a comment');

# what is said comes, to its visitor and in order

my $first = $visitor->say('one')->json->{event}{id};
$other->say('not for you');
my $second = $visitor->say('two')->json->{event}{id};

my @events = $stream->wait(sub (@events) {
    grep { ($_->{data}{text} // '') eq 'two' } @events;
});

is_deeply([ texts(@events) ], [ 'one', 'two' ], 'its own messages, in order');
like($stream->text, qr/^id: $first$/m, 'with an id in the frame');
like($stream->text, qr/^id: $second$/m, 'each');
is($stream->last_id, $second, 'the last of which is the cursor');

# the other visitor's events are passed by with the next heartbeat

my $passed = $other->say('nor this')->json->{event}{id};

$clock->pass(25);

ok(wait_for(sub { $stream->last_id >= $passed }, 10),
   'a heartbeat moves the cursor');
is_deeply([ texts($stream->events) ], [ 'one', 'two' ],
          'and brings no event');

# lost and found again

$stream->close;
ok(wait_for_waiting($t, 0), 'nginx sees that the client has gone');

$admin->say($visitor->conversation, 'three');
$visitor->say('four');

$stream->reopen;
@events = $stream->wait(sub (@events) {
    grep { ($_->{data}{text} // '') eq 'four' } @events;
});

is_deeply([ texts(@events) ], [ qw(one two three four) ],
          'Last-Event-ID brings what was missed, once');

# Last-Event-ID is stronger than the query

my $fresh = $visitor->stream(headers => { 'Last-Event-ID' => $second });

@events = $fresh->wait(sub (@events) {
    grep { ($_->{data}{text} // '') eq 'four' } @events;
});

is_deeply([ texts(@events) ], [ qw(three four) ],
          'it is stronger than the query');
$fresh->close;

# without it the query counts; the visitor's cursor stands at the beginning

my $late = $visitor->stream;
$late->wait(sub (@events) {
    grep { ($_->{data}{text} // '') eq 'four' } @events;
});

is_deeply([ texts($late->events) ], [ qw(one two three four) ],
          'and the query counts without it');
$late->close;

my $res = $visitor->get('visitor/events', query => { after => 0 },
    headers => { Accept => 'text/event-stream', 'Last-Event-ID' => 'x1' });

is($res->code, 422, 'a Last-Event-ID that is none');

$stream->close;
$t->done;


sub texts (@events) {
    return map { $_->{data}{text} } grep { $_->{type} eq 'message' } @events;
}
