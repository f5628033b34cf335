#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A binary upgrade under load: two masters, each with its own workers and its
# own shared memory, on one database.  What is said through one generation is
# heard through the other within moments; the old one leaves, nothing is lost.

use lib 't/lib';
use Chat;

use Load;
use Time::HiRes qw(time);

use constant N => 40;

my $t = Chat->new(workers => 2)->config(<<'EOF')->start;
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

my $load = Load->new($t, visitors => 8, wait => 25)->start;

$load->go_on(N);
$t->upgrade(keep_old => 1);
$load->fault;

# Both accept connections now.  Senders with a connection each time come to
# either; those who listen stay where they are.

$_->{agent}->ua->max_connections(0) for $load->talks;

ok($load->go_on(4 * N), 'both generations serve');

my @generations = map { scalar $t->workers($_) } $t->{old_pid}, $t->pid;

is_deeply(\@generations, [ 2, 2 ], 'which are there at the same time');

# how long a message takes that crosses over: the listener is with one of
# them, and many senders are with any

my $visitor = $t->visitor;
$visitor->say('hello');

my $stream = $visitor->stream;
my $slowest = 0;

for my $n (1 .. 12) {
    my $before = time;
    my $said = $t->admin->say($visitor->conversation, "crossing $n");

    $stream->wait(sub (@events) {
        grep { ($_->{id} // 0) == $said->json->{event}{id} } @events;
    }, 10);

    my $took = time - $before;
    $slowest = $took if $took > $slowest;
}

cmp_ok($slowest, '<', 5,
       sprintf 'what crosses over is heard within %.2f s', $slowest);
$stream->close;

$load->go_on(N);

my $began = time;

$t->finish_upgrade;
$load->fault;

cmp_ok(time - $began, '<', 10, 'the old generation leaves at once');
ok($load->go_on(2 * N), 'and the new one serves');

is($load->failures, 0, 'no message had to be said twice')
    or diag(explain($load->problems));

# and back: the new one is sent away instead

$t->upgrade(keep_old => 1);
$load->fault;
$load->go_on(N);

my ($new, $old) = ($t->pid, delete $t->{old_pid});

kill 'QUIT', $new;
ok(wait_for(sub { !-e "/proc/$new" }, 20), 'the new one leaves');
$t->{pid} = $old;
$load->fault;

ok($load->go_on(2 * N), 'the old one serves on');

$load->finish;
$t->done;
