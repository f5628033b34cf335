#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A client that goes away frees what waited for it, whatever way it goes and
# whatever its waiter was doing; the others hear on.

use lib 't/lib';
use Chat;

use Socket qw(SOL_SOCKET SO_LINGER);
use Waiting qw(waiting wait_for_waiting);

use constant N => 40;

# more clients come and go than a worker has connections

my $t = Chat->new(workers => 1)->config(<<'EOF')->start;
%%GLOBALS%%

events { worker_connections 128; }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
        location = /status { stub_status; }
    }
}
EOF

my $visitor = $t->visitor;
my $admin = $t->admin;

$visitor->say('hello');

my $cursor = $visitor->poll(wait => 0)->json->{cursor};
my $cookie = join '; ', map { $_->name . '=' . $_->value }
             @{ $visitor->ua->cookie_jar->all };

my @kept;

my %way = (
    'closed' => sub ($socket) { close $socket },

    'reset' => sub ($socket) {
        setsockopt $socket, SOL_SOCKET, SO_LINGER, pack 'II', 1, 0
            or die "setsockopt: $!";
        close $socket;
    },

    'shut down for writing' => sub ($socket) {
        shutdown $socket, 1;
        push @kept, $socket;
    },
);

for my $how (sort keys %way) {
    for my $accept ('application/json', 'text/event-stream') {
        for my $behind ('', 'GET /chat/api/v1/nothing HTTP/1.1') {
            gone($how, $accept, $behind) for 1 .. 2;
        }
    }
}

sub gone ($how, $accept, $behind) {
    my @sockets = map { ask($accept, $cursor, $behind) } 1 .. N;

    wait_for_waiting($t, N) or BAIL_OUT('they do not wait');

    $way{$how}->($_) for splice @sockets;

    my $what = ($accept =~ /json/ ? 'polls' : 'streams') . " $how"
               . ($behind ? ', pipelined bytes behind' : '');

    ok(wait_for_waiting($t, 0), $what) or diag(waiting($t), ' wait');

    @kept = ();
}

# gone in the same moment as the answer comes, or before the request was read

for my $accept ('application/json', 'text/event-stream') {
    my @sockets = map { ask($accept, $_ % 2 ? 0 : $cursor, '') } 1 .. N;
    my $sent = $admin->say_p($visitor->conversation, 'to nobody');

    close $_ for splice @sockets;

    is(($admin->all($sent))[0]->code, 201, 'a message to those who left');
    ok(wait_for_waiting($t, 0), 'none of them waits');
}

# and who is still there is served

my $answer;
$visitor->cursor($cursor);
$visitor->poll_p(wait => 25)->then(sub ($res) { $answer = $res });

ok(wait_for(sub { $answer }, 10), 'a poll that stayed');
is($answer->json->{events}[-1]{data}{text}, 'to nobody', 'hears it');

# all connections are back

my @sockets = map { $t->socket } 1 .. 100;
is(scalar @sockets, 100, 'no connection was lost');
@sockets = ();

is($visitor->say('still here')->code, 201, 'the worker works');

$t->done;


# A request for events on a connection of its own.

sub ask ($accept, $after, $behind) {
    my $socket = $t->socket;

    $socket->syswrite("GET /chat/api/v1/visitor/events?after=$after&wait=25"
        . " HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: $cookie\r\n"
        . "Accept: $accept\r\n\r\n$behind");

    return $socket;
}
