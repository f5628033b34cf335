#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# HTTP/2: many polls and streams on one connection wait at the same time, a
# client that gives one up frees it, one that reads slowly holds back nobody,
# and a reload ends them in good order.

use lib 't/lib';
use Chat;

use POSIX ();

my $t = Chat->new(tls => 1)->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%% ssl http2 sndbuf=16k;
        %%CERT%%

        location /chat/ { chat; }
    }

    # for the test's own look, and for frames of its own

    server {
        listen 127.0.0.1:%%PORT2%%;

        location = /status { stub_status; }
    }

    server {
        listen 127.0.0.1:%%PORT3%% http2;

        location /chat/ { chat; }
    }
}
EOF

use constant N => 20;

my $visitor = $t->visitor;
my $admin = $t->admin;

$visitor->say('hello');

my $cursor = $visitor->poll(wait => 0)->json->{cursor};
my $cookie = join '; ', map { $_->name . '=' . $_->value }
             @{ $visitor->ua->cookie_jar->all };

# one connection, all at once

my $polls = client('polls', map { [ "wait=25&n=$_" ] } 1 .. N);
my $streams = client('streams', map { [ "n=$_", 'text/event-stream' ] }
                                1 .. N);

ok(wait_for(sub { held() == 2 * N }, 10), 'polls and streams wait')
    or diag(held(), ' wait');

my $said = $admin->say($visitor->conversation, 'good day')->json->{event}{id};

ok(wait_for(sub { over($polls) }, 10), 'the polls are over');

my @answers = map { $t->read("polls.$_") } 1 .. N;

is(scalar(grep { /"good day"/ && /"cursor":$said\b/ } @answers), N,
   'each has its answer');
is(join('', sort split /^/, $t->read('polls.log')),
   "2 200 0\n" x (N - 1) . "2 200 1\n", 'by HTTP/2, on one connection');

ok(wait_for(sub {
    N == grep { $t->read("streams.$_") =~ /^id: $said$/m } 1 .. N;
}, 10), 'each stream has it');

# given up

kill 'TERM', $streams;

ok(wait_for(sub { held() == 0 }, 10), 'a connection that has gone frees all');

# two requests on a connection, and one is taken back

my $socket = $t->socket($t->port(3));

$socket->syswrite("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" . frame(4, 0, 0, ''));
$socket->syswrite(frame(1, 5, $_, fields("after=$said&wait=25"))) for 1, 3;

ok(wait_for(sub { held() == 2 }, 10), 'two more polls');

$socket->syswrite(frame(3, 0, 1, pack 'N', 8));

ok(wait_for(sub { held() == 1 }, 10), 'one is reset, the other waits');

$said = $admin->say($visitor->conversation, 'still there')->json->{event}{id};

my $bytes = '';
$socket->blocking(0);

ok(wait_for(sub {
    $socket->sysread($bytes, 65536, length $bytes);
    return $bytes =~ /"still there"/;
}, 10), 'and has its answer');
is(() = $bytes =~ /"still there"/g, 1, 'which is the only one');
close $socket;

# a reload with polls and streams open

$polls = client('again', map { [ "after=$said&wait=25&n=$_" ] } 1 .. N);
$streams = client('end', map { [ "after=$said&n=$_", 'text/event-stream' ] }
                         1 .. N);

ok(wait_for(sub { held() == 2 * N }, 10), 'again they wait');

$t->reload(timeout => 10);

ok(wait_for(sub { over($polls) }, 5), 'the polls are over at a reload');
is(scalar(grep { $t->read("again.$_") =~ /"events":\[\].*"cursor":$said\b/ }
          1 .. N), N, 'each with an empty answer');
ok(wait_for(sub { over($streams) }, 5), 'and the streams have ended');

# all of a long history by a stream, and another one beside it that is slow

for (1 .. 30) {
    $visitor->all(map { $visitor->say_p('x' x 3000) } 1 .. 10);
}

my $last = $visitor->say('the end')->json->{event}{id};

my $slow = client('slow', [ 'after=0', 'text/event-stream', '20k' ]);
my $quick = client('quick', [ 'after=0&n=2', 'text/event-stream' ]);

ok(wait_for(sub { $t->read('quick.1') =~ /^id: $last$/m }, 20),
   'a long history');

my @ids = $t->read('quick.1') =~ /^id: (\d+)$/mg;
my @stored = map { $_->{id} } $t->rows('SELECT id FROM event ORDER BY id');

is("@ids", "@stored", 'once and in order');

kill 'TERM', $slow, $quick;

ok(wait_for(sub { held() == 0 }, 10), 'nothing waits any more');

$t->done;


# curl with several requests at once on one connection: [query, Accept, bytes
# a second].  What came is in the files NAME.1, NAME.2 and so on, and "version
# status connections" of each in NAME.log.

sub client ($name, @requests) {
    my $dir = $t->dir;
    my @args = ('--no-progress-meter', '--parallel',
                '--parallel-max', scalar @requests);
    my $n = 0;

    for my $request (@requests) {
        my ($query, $accept, $rate) = @$request;

        $query = "after=$cursor&$query" if $query !~ /after=/;
        $n++;

        push @args, $n > 1 ? '--next' : (), '-k', '--http2', '-N', '-s',
            '-b', $cookie, '-o', "$dir/$name.$n", '-w',
            '%{http_version} %{http_code} %{num_connects}\n',
            $accept ? ('-H', "Accept: $accept") : (),
            $rate ? ('--limit-rate', $rate) : (),
            $t->api("visitor/events?$query");
    }

    defined(my $pid = fork) or die "fork: $!";

    if (!$pid) {
        open STDOUT, '>', "$dir/$name.log" or POSIX::_exit(1);
        exec { 'curl' } 'curl', @args or POSIX::_exit(1);
    }

    return $pid;
}


# An HTTP/2 frame, and the header block of a request for events (RFC 9113,
# 4.1; RFC 7541, 6.2.2), by names of the static table.  Without TLS cookies
# have another name.

sub frame ($type, $flags, $stream, $payload) {
    return substr(pack('N', length $payload), 1)
           . pack('CCN', $type, $flags, $stream) . $payload;
}


sub fields ($query) {
    return "\x82\x86"
           . "\x04" . text("/chat/api/v1/visitor/events?$query")
           . "\x01" . text('127.0.0.1')
           . "\x0f\x11" . text($cookie =~ s/^__Host-//r);
}


sub text ($value) {
    my $length = length $value;

    return ($length < 127 ? chr $length : "\x7f" . chr($length - 127)) . $value;
}


sub over ($pid) { Chat::ended($pid) }


# requests that nginx holds

sub held {
    my $text = $t->raw("GET /status HTTP/1.1\r\nHost: a\r\n"
        . "Connection: close\r\n\r\n", port => $t->port(2));

    return $text =~ /Writing: (\d+)/ ? $1 - 1 : -1;
}
