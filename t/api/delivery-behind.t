#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A worker that was held up for a moment finds more than it keeps of one
# visitor, or more than the shared memory holds: those who wait there get what
# they missed from the database, once and in order.

use lib 't/lib';
use Chat;

use Fcntl qw(:flock);
use Mojo::JSON qw(from_json);

my $t = Chat->new(workers => 2)->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    chat_zone 1m;

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
        location = /worker { default_type text/plain; return 200 $pid; }
    }
}
EOF

my ($busy, $held) = $t->workers;

my $visitor = on_worker($t->visitor, $busy);
my $other = on_worker($t->visitor, $busy);

is($visitor->say('hello')->code, 201, 'a visitor');
is($other->say('hello')->code, 201, 'and another one');
$t->admin;

# no more than the window holds, more than that, more than the ring holds

for my $case ([ 20, 100, 'a few' ], [ 100, 100, 'more than the window' ],
              [ 400, 3500, 'more than the ring' ]) {
    my ($n, $length, $what) = @$case;
    my $cursor = $visitor->poll(wait => 0)->json->{cursor};

    my %waiting = (
        poll     => listener($visitor, 'visitor', $cursor, 'poll'),
        stream   => listener($visitor, 'visitor', $cursor, 'stream'),
        inbox    => listener($t->admin, 'operator', $cursor, 'stream'),
        stranger => listener($other, 'visitor', $cursor, 'stream'),
    );

    hold($held);

    my @sent = map { $visitor->say("$_ " . 'x' x $length)->json->{event}{id} }
               1 .. $n;

    kill 'CONT', $held;

    is_deeply([ heard($waiting{stream}, $sent[-1]) ], \@sent,
              "$what: a stream has them, once and in order");
    is_deeply([ heard($waiting{inbox}, $sent[-1]) ], \@sent,
              "$what: the team has them");

    my $page = answer($waiting{poll});
    my @ids = map { $_->{id} // () } @{ $page->{events} };

    is_deeply(\@ids, [ @sent[0 .. $#ids] ], "$what: a poll has the first");

    $visitor->cursor($page->{cursor});

    while (@ids < @sent) {
        my $next = $visitor->poll(wait => 1)->json;
        my @more = map { $_->{id} // () } @{ $next->{events} };

        @more ? push(@ids, @more) : last;
    }

    is_deeply(\@ids, \@sent, "$what: and then the rest");

    my $last = $other->say('mine')->json->{event}{id};

    is_deeply([ heard($waiting{stranger}, $last) ], [ $last ],
              "$what: another visitor has only what is theirs");
}

$t->done;


# A browser whose one connection is with a certain worker.

sub on_worker ($agent, $pid) {
    for (1 .. 200) {
        return $agent if $agent->get('/worker')->body == $pid;

        my $jar = $agent->ua->cookie_jar;

        $agent->{ua} = Mojo::UserAgent->new(cookie_jar => $jar,
                                            inactivity_timeout => 0);
    }

    BAIL_OUT("worker $pid takes no connection");
}


# Somebody who listens on the worker that will be held up.

sub listener ($agent, $who, $cursor, $how) {
    my $cookie = join '; ', map { $_->name . '=' . $_->value }
                 @{ $agent->ua->cookie_jar->all };
    my $socket;

    for (1 .. 200) {
        $socket = $t->socket;
        $socket->syswrite("GET /worker HTTP/1.1\r\nHost: a\r\n\r\n");
        $socket->sysread(my $bytes, 65536);
        last if $bytes =~ /^$held$/m;
        undef $socket;
    }

    BAIL_OUT("worker $held takes no connection") if !$socket;

    $socket->syswrite("GET /chat/api/v1/$who/events?after=$cursor&wait=25"
        . " HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: $cookie\r\n"
        . ($how eq 'stream' ? "Accept: text/event-stream\r\n" : '')
        . "\r\n");
    $socket->blocking(0);

    my $bytes = '';

    if ($how eq 'stream') {
        wait_for(sub {
            $socket->sysread($bytes, 65536, length $bytes);
            return $bytes =~ /: ngx_chat/;
        }, 10, 'a stream begins');
    }

    return { socket => $socket, bytes => $bytes };
}


# Stops a process while it does not hold the lock of the store.

sub hold ($pid) {
    open my $lock, '+<', $t->state_dir . '/chat.lock' or die "chat.lock: $!";

    for (1 .. 100) {
        kill 'STOP', $pid;
        wait_for(sub { Chat::_state($pid) eq 'T' }, 5, 'a worker stops');

        return if flock $lock, LOCK_EX | LOCK_NB;

        kill 'CONT', $pid;
    }

    BAIL_OUT('the worker always holds the lock');
}


# Message ids from a stream, up to one.

sub heard ($listener, $last) {
    my $socket = $listener->{socket};

    wait_for(sub {
        while ($socket->sysread($listener->{bytes}, 65536,
                                length $listener->{bytes})) { }

        return $listener->{bytes} =~ /^id: $last\n(?:data.*\n)?\n/m;
    }, 20, "a stream has $last");

    my $body = $listener->{bytes} =~ s/\A.*?\r\n\r\n//sr;

    # chunks may begin anywhere

    my $text = '';

    while ($body =~ s/\A([0-9a-f]+)\r\n//i) {
        $text .= substr $body, 0, hex $1, '';
        $body =~ s/\A\r\n//;
    }

    return map { $_->{id} } grep { $_->{type} eq 'message' }
           map { from_json($_) } $text =~ /^data: (.*)$/mg;
}


sub answer ($listener) {
    my $socket = $listener->{socket};
    my $length;

    wait_for(sub {
        while ($socket->sysread($listener->{bytes}, 65536,
                                length $listener->{bytes})) { }

        ($length) = $listener->{bytes} =~ /^Content-Length: (\d+)/mi or return;

        return $listener->{bytes} =~ /\r\n\r\n(.*)\z/s
               && length $1 >= $length;
    }, 20, 'a poll is answered') or return { events => [], cursor => 0 };

    return from_json($listener->{bytes} =~ s/\A.*?\r\n\r\n//sr);
}
