#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A reload while many wait and others talk: every poll is answered, early and
# as if its time were over, every stream ends, the old workers leave at once,
# and nothing is lost.  Then one reload after the other.

use lib 't/lib';
use Chat;

use List::Util qw(min);
use Load;
use Time::HiRes qw(time);
use Waiting qw(waiting);

use constant {
    IDLE    => 240,         # polls and streams that wait for nothing
    RELOADS => $ENV{CHAT_RELOADS} || 4,
    OFTEN   => $ENV{CHAT_RELOADS} || 12,
};

my $t = Chat->new(workers => 3)->config(<<'EOF')->start;
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

my $load = Load->new($t, visitors => 8, wait => 25)->start;

# a connection for each request: one that nginx closes while it is kept alive
# may cross with the next request, which no server can help

$_->{agent}->ua->max_connections(0) for $load->talks;

my $idle = $t->visitor;

$idle->say('I only listen');

my $cursor = $idle->poll(wait => 0)->json->{cursor};
my $cookie = join '; ', map { $_->name . '=' . $_->value }
             @{ $idle->ua->cookie_jar->all };

my $empty = qr/^\{"events":\[\],"available":false,
               "cursor":\d+,"more":false\}/mx;
my @took;

for my $n (1 .. RELOADS) {
    my @idle = map { idle($_) } 1 .. IDLE;

    wait_for(sub { waiting($t) >= IDLE }, 10, 'the idle wait');
    $load->go_on(20);

    my $began = time;

    $t->reload(timeout => 15);
    $load->fault;

    push @took, time - $began;

    cmp_ok($took[-1], '<', 8,
           sprintf 'reload %d: the old ones have left, %.2f s', $n, $took[-1]);

    my @answers = map { answer($_) } @idle;

    is(scalar(grep { $_->{poll} && $_->{bytes} =~ m{^HTTP/1.1 200 }
                     && $_->{bytes} =~ $empty }
              @answers), IDLE / 2, 'every poll has an answer, an empty one');
    is(scalar(grep { $_->{poll} && $_->{bytes} =~ /^Connection: close\r$/m }
              @answers), IDLE / 2, 'which says that the connection ends');
    is(scalar(grep { !$_->{poll} && $_->{bytes} =~ /\r\n0\r\n\r\n\z/ }
              @answers), IDLE / 2, 'every stream has come to its end');

    $load->go_on(20);
}

# each of them may be slow on a busy machine, but not all

cmp_ok(min(@took), '<', 2, 'and at once');

# often: new workers start while old ones leave

for (1 .. OFTEN) {
    my $before = time;

    kill 'HUP', $t->pid;
    $load->fault;
    wait_for(sub { time - $before > 0.3 }, 2);
}

ok($load->go_on(30), 'it goes on');

ok(wait_for(sub { $t->_children($t->pid) == 3 }, 5),
   'all old ones have left');
is($load->failures, 0, 'no message had to be said twice')
    or diag(explain($load->problems));

$load->finish;
$t->done;


# A client that waits, on a connection of its own.

sub idle ($n) {
    my $socket = $t->socket;
    my $poll = $n % 2;

    $socket->syswrite("GET /chat/api/v1/visitor/events?after=$cursor&wait=25"
        . " HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: $cookie\r\n"
        . ($poll ? '' : "Accept: text/event-stream\r\n") . "\r\n");

    return { socket => $socket, poll => $poll, bytes => '' };
}


# What it got until nginx closed the connection.

sub answer ($idle) {
    $idle->{socket}->blocking(0);

    wait_for(sub {
        my $n = $idle->{socket}->sysread($idle->{bytes}, 65536,
                                         length $idle->{bytes});
        return defined $n && $n == 0;
    }, 5, 'nginx closes');

    return $idle;
}
