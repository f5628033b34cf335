#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A long poll answers at once when there is something after the cursor, waits
# when there is nothing, and comes back empty with the cursor in the end.

use lib 't/lib';
use Chat;

use Time::HiRes qw(time);
use Waiting qw(wait_for_waiting);

my $t = Chat->new->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
        location = /status { stub_status; }
    }

    server {
        listen 127.0.0.1:%%PORT2%%;

        location /chat/ { chat; chat_poll_timeout 1s; }
    }
}
EOF

my @short = (port => $t->port(2));
my $visitor = $t->visitor;
my $admin = $t->admin;

# at once

my $said = $visitor->say('hello')->json->{event};
my $res = $visitor->poll(wait => 25);

is($res->code, 200, 'a poll behind the newest event');
is_deeply([ ids($res, 'message') ], [ $said->{id} ], 'has the message');
ok(!$res->json->{more}, 'that is all');
cmp_ok($res->json->{cursor}, '>=', $said->{id}, 'the cursor is at the end');
is($res->headers->cache_control, 'no-store', 'nobody keeps the answer');

my $again = $visitor->poll(after => 0, wait => 25);

is_deeply($again->json->{events}, $res->json->{events},
          'what was delivered once can be asked for again');

# nothing new

my $cursor = $visitor->cursor;
my $began = time;

$res = $visitor->get('visitor/events', @short,
                     query => { after => $cursor, wait => 25 });

is($res->code, 200, 'a poll that had nothing to tell');
is_deeply($res->json->{events}, [], 'is empty');
cmp_ok($res->json->{cursor}, '>=', $cursor, 'its cursor is not behind');
cmp_ok(time - $began, '>', 0.2, 'it waited');
cmp_ok(time - $began, '<', 10, 'no longer than chat_poll_timeout');

$began = time;
$res = $visitor->get('visitor/events', @short, query => { after => $cursor });

is_deeply($res->json->{events}, [], 'a poll that says no time');
cmp_ok(time - $began, '>', 0.2, 'waits, too');

# the one that waits for a second is asked first, and answered last

my @order;

for my $wait (1, 0) {
    $visitor->get_p('visitor/events',
                    query => { after => $cursor, wait => $wait })
            ->then(sub ($res) { push @order, [ $wait, $res ] });
}

ok(wait_for(sub { @order == 2 }, 10), 'wait=1 and wait=0');
is_deeply([ map { $_->[0] } @order ], [ 0, 1 ], 'wait=0 does not wait');
is($order[0][1]->code, 200, 'and is no mistake');
is_deeply($order[0][1]->json->{events}, [], 'when there is nothing');

# a cursor from the future waits for what may come, and is not moved back

$res = $visitor->poll(after => $cursor + 1000, wait => 0);

is($res->code, 200, 'a cursor that is ahead');
is_deeply($res->json->{events}, [], 'has nothing');

# the answer comes with the message

$visitor->cursor($cursor);

my $answer;
$visitor->poll_p(wait => 25)->then(sub ($res) { $answer = $res });

ok(wait_for_waiting($t, 1), 'a poll waits');
ok(!$answer, 'and has no answer');

is($admin->say($visitor->conversation, 'good day')->code, 201, 'a reply');

ok(wait_for(sub { $answer }, 5), 'the poll is answered');
is($answer->json->{events}[-1]{data}{text}, 'good day', 'with the reply');
is(($answer->json->{events}[0] // {})->{id}, $cursor + 1,
   'from the cursor on');

my @ids = ids($answer);

is_deeply([ sort { $a <=> $b } @ids ], \@ids, 'in the order of ids');
ok(wait_for_waiting($t, 0), 'and nothing waits any more');

# many polls of one visitor, so that a worker has several: all hear it

$visitor->collect(sub { grep { ($_->{data}{text} // '') eq 'good day' } @_ },
                  timeout => 5)
    if $visitor->cursor < $ids[-1];

my @heard;
$visitor->poll_p(wait => 25)->then(sub ($res) { push @heard, $res })
    for 1 .. 5;

ok(wait_for_waiting($t, 5), 'five polls of one visitor');

$admin->say($visitor->conversation, 'to all');

ok(wait_for(sub { @heard == 5 }, 5), 'all are answered');
is($_->json->{events}[-1]{data}{text}, 'to all', 'with the same')
    for @heard;

$t->done;


sub ids ($res, $type = undef) {
    return map { $_->{id} }
           grep { defined $_->{id} && (!$type || $_->{type} eq $type) }
           @{ $res->json->{events} };
}
