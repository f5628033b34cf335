package Attacks;

# Copyright (C) ngx_chat_module contributors

# What somebody with a machine and bad manners can do.  Each attack starts
# commands or subs, which go on until a signal ends them, or come to an end.  It
# is in full swing when it has made so many connections (when quick: so many).

use v5.36;

use Exporter qw(import);
use IO::Select ();
use IO::Socket::INET ();
use POSIX qw(pause);
use Socket qw(IPPROTO_TCP TCP_NODELAY);

our @EXPORT_OK = qw(attacks ask);


sub attacks () {
    return (
        { name => 'headers', title => '2000 clients with slow headers',
          start => \&slow_headers, connections => [2000] },
        { name => 'bodies', title => '2000 clients with slow bodies',
          start => \&slow_bodies, connections => [2000] },
        { name => 'readers', title => '2000 clients that read slowly',
          start => \&slow_readers, connections => [2000] },
        { name => 'connects', title => 'connections that come and go',
          start => \&connects, connections => [2000], said => \&total },
        { name => 'idle', title => '15000 connections that say nothing',
          start => \&idle, connections => [15_000, 1500] },
        { name => 'floor', title => '1000 clients ask nginx for nothing',
          start => \&nothing, connections => [1000], said => \&wrk_said,
          finishes => 1 },
        { name => 'opens', title => '1000 clients open chats anonymously',
          start => \&opens, connections => [1000], said => \&wrk_said,
          finishes => 1 },
        { name => 'typing', title => '1000 clients of one visitor type',
          start => \&typing, connections => [1000], said => \&wrk_said,
          finishes => 1 },
        { name => 'forged',
          title => '1000 clients with forged operators\' cookies',
          start => \&forged, connections => [1000], said => \&wrk_said,
          finishes => 1 },
        { name => 'visitors', title => '100,000 visitors, opened and used',
          start => \&visitors, connections => [8], said => \&total,
          finishes => 1 },
        { name => 'polls', title => '10,000 visitors wait',
          start => \&polls, connections => [10_000, 2000], said => \&total },
        { name => 'large', title => 'everything too large',
          start => \&large, connections => [20], said => \&total },
    );
}


sub url ($target, $path) { "http://127.0.0.1:$target->{port}$path" }


sub connected ($target) {
    my $socket = IO::Socket::INET->new(
        Proto => 'tcp', PeerAddr => '127.0.0.1', PeerPort => $target->{port},
        Timeout => 10,
    ) or return;

    setsockopt($socket, IPPROTO_TCP, TCP_NODELAY, 1);

    return $socket;
}


# on a connection of its own: the status, or nothing

sub ask ($target, $bytes, $timeout = 9) {
    my $socket = connected($target) or return;
    my $answer = '';

    $socket->syswrite($bytes);

    while (IO::Select->new($socket)->can_read($timeout)) {
        $socket->sysread($answer, 65536, length $answer) or last;

        return $1 if $answer =~ m{\AHTTP/1\.1 (\d+).*?\r\n\r\n}s;
    }

    return;
}


# Debian's slowhttptest: so many connections, a few bytes on each every second

sub slow ($target, @args) {
    return ['slowhttptest', '-c', 2000, '-r', 1500, '-i', 1, '-p', 3, '-v', 0,
            '-l', $target->{seconds} + 20, @args];
}


sub slow_headers ($target) {
    return slow($target, '-H', '-u', url($target, '/chat/api/v1/visitor/session'));
}


sub slow_bodies ($target) {
    return slow($target, '-B', '-s', 60_000, '-f', 'application/json',
                '-j', $target->{visitor},
                '-u', url($target, '/chat/api/v1/visitor/messages'));
}


sub slow_readers ($target) {
    return slow($target, '-X', '-n', 1, '-y', 1, '-w', 1, '-z', 32, '-k', 3,
                '-u', url($target, '/chat/loader.js'));
}


sub connects ($target) {
    return map {
        sub {
            my $n = 0;
            local $SIG{TERM} = sub { $n = -$n };

            while ($n >= 0) {
                my $socket = connected($target);
                $n++;
                close $socket if $socket;
            }

            print -$n, " connections\n";
        }
    } 1 .. 2;
}


sub idle ($target) {
    my $each = $target->{quick} ? 500 : 5000;

    return map {
        sub {
            my @sockets = map { connected($target) } 1 .. $each;
            pause();
        }
    } 1 .. 3;
}


# wrk sends as fast as it is answered

sub wrk ($target, $name, $path, $body, %headers) {
    my $file = "$target->{dir}/$name.lua";

    open my $out, '>', $file or die "$file: $!\n";
    print $out "wrk.method = 'POST'\nwrk.body = '$body'\n",
               map { "wrk.headers['$_'] = '$headers{$_}'\n" }
               sort keys %headers;
    close $out;

    return ['wrk', '-t', 1, '-c', 1000, '-d', "$target->{seconds}s", '-s', $file,
            url($target, $path)];
}


# what such a flood does to any nginx

sub nothing ($target) {
    return wrk($target, 'nothing', '/nothing', '');
}


sub opens ($target) {
    return wrk($target, 'opens', '/chat/api/v1/visitor/session', '{}',
               'Content-Type' => 'application/json',
               Origin => $target->{origin});
}


sub typing ($target) {
    return wrk($target, 'typing', '/chat/api/v1/visitor/typing',
               '{"typing":true,"text":"' . 'words ' x 20 . '"}',
               'Content-Type' => 'application/json',
               Origin => $target->{origin}, Cookie => $target->{visitor});
}


# each time another session that there is not

sub forged ($target) {
    my $file = "$target->{dir}/forged.lua";

    open my $out, '>', $file or die "$file: $!\n";
    print $out <<'LUA';
local n = 0
request = function()
    n = n + 1
    return wrk.format("GET", nil, { Cookie = "chat_operator="
                                    .. string.format("%042d", n) .. "A" })
end
LUA
    close $out;

    return ['wrk', '-t', 1, '-c', 1000, '-d', "$target->{seconds}s", '-s',
            $file, url($target, '/chat/api/v1/operator/session')];
}


sub wrk_said (@outputs) {
    my ($rate) = $outputs[0] =~ m{Requests/sec:\s+([\d.]+)};
    my ($bad) = $outputs[0] =~ /Non-2xx or 3xx responses: (\d+)/;
    my ($all) = $outputs[0] =~ /(\d+) requests in/;

    return sprintf '%.0f/s, %.0f %% refused', $rate // 0,
                   100 * ($bad // 0) / ($all || 1);
}


# "N things" of each: their sum

sub total (@outputs) {
    my %sum;

    for (@outputs) {
        $sum{$2} += $1 while /^(\d+) (.+)/mg;
    }

    return join ', ', map { "$sum{$_} $_" } sort keys %sum;
}


# Each is somebody else: opens the chat, and asks for its history with the
# cookie that it got.  Many at a time on one connection.

sub visitors ($target) {
    my $each = $target->{quick} ? 1000 : 12_500;

    return map {
        sub {
            my ($opened, $used) = (0, 0);

            for (1 .. $each / 50) {
                my @cookies = fifty($target);

                $opened += @cookies;
                $used += () = exchange($target, map {
                    "GET /chat/api/v1/visitor/history HTTP/1.1\r\n"
                    . "Host: a\r\nCookie: $_\r\n\r\n" } @cookies)
                    =~ m{HTTP/1\.1 200}g;
            }

            print "$opened opened\n$used used\n";
        }
    } 1 .. 8;
}


sub fifty ($target) {
    my $open = "POST /chat/api/v1/visitor/session HTTP/1.1\r\nHost: a\r\n"
               . "Content-Length: 0\r\n\r\n";

    return exchange($target, ($open) x 50)
           =~ /^Set-Cookie: (chat_visitor=[^;]+)/mg;
}


# all that is answered to these requests, sent in one go

sub exchange ($target, @requests) {
    state $socket = connected($target);
    my ($wanted, $came) = (scalar @requests, '');

    $socket //= connected($target) // return '';
    $socket->syswrite(join '', @requests);

    while (IO::Select->new($socket)->can_read(10)) {
        $socket->sysread($came, 1 << 20, length $came) or last;

        my $answers = () = $came =~ m{HTTP/1\.1 \d}g;
        return $came if $answers >= $wanted
                        && $came =~ m{.*HTTP/1\.1\ \d.*?\nContent-Length:
                                      \ (\d+)\r\n.*?\r\n\r\n(.*)\z}sx
                        && length $2 >= $1;
    }

    $socket = undef;

    return $came;
}


# polls of visitors who are all somebody else

sub polls ($target) {
    my $each = $target->{quick} ? 500 : 2500;

    return map {
        sub {
            my @sockets;

            for (1 .. $each / 50) {
                for my $cookie (fifty($target)) {
                    my $socket = connected($target) // next;

                    $socket->syswrite("GET /chat/api/v1/visitor/events?after=0"
                                      . " HTTP/1.1\r\nHost: a\r\n"
                                      . "Cookie: $cookie\r\n\r\n");
                    push @sockets, $socket;
                }
            }

            print scalar @sockets, " waiting\n";
            STDOUT->flush;
            pause();
        }
    } 1 .. 4;
}


# Requests that have no end, one after the other.

sub large ($target) {
    my $post = "POST /chat/api/v1/visitor/messages HTTP/1.1\r\n"
               . "Host: 127.0.0.1:$target->{port}\r\n"
               . "Cookie: $target->{visitor}\r\n"
               . "Origin: $target->{origin}\r\n"
               . "Content-Type: application/json\r\n";
    my $get = 'GET /chat/api/v1/visitor/history';
    my $chunked = "${post}Transfer-Encoding: chunked\r\n\r\n";
    my $chunk = "10000\r\n" . 'x' x 65_536 . "\r\n";
    my $length = sub ($body) {
        "${post}Content-Length: " . length($body) . "\r\n\r\n$body"
    };

    my @requests = (
        ["$get?" . 'x' x 1_000_000], ["$get HTTP/1.1\r\n", "a: b\r\n" x 50_000],
        ["$get HTTP/1.1\r\nHost: a\r\nCookie: ", 'chat_visitor=x; ' x 50_000],
        ["$get HTTP/1.1\r\nHost: a\r\nX: ", ('x' x 65_536) x 16],
        [$chunked, ($chunk) x 160],
        [$chunked, '1;', ('x=y;' x 16_384) x 160],
        ["${post}Content-Length: 104857600\r\n\r\n", ('x' x 65_536) x 160],
        [$length->('[' x 60_000)], [$length->('{"a":' x 12_000)],
        [$length->('{"x":[' . '0,' x 30_000 . '0]}')],
        [$length->('{"text":"' . 'x' x 65_000 . '"}')],
        [$length->('{"text":"' . '\u0041' x 10_000 . '"}')],
        [$length->('{' . join(',', map { "\"k$_\":1" } 1 .. 6000) . '}')],
    );

    return map {
        sub {
            my ($n, %answers) = (0);
            local $SIG{PIPE} = 'IGNORE';
            local $SIG{TERM} = sub { $n = -1 };

            while ($n >= 0) {
                $answers{ whole($target, $requests[$n++ % @requests]) }++;
            }

            print "$answers{$_} $_\n" for keys %answers;
        }
    } 1 .. 2;
}


# sends until it is answered: the status

sub whole ($target, $pieces) {
    my $socket = connected($target) or return 'refused';
    my $select = IO::Select->new($socket);
    my $answer = '';

    $socket->blocking(0);

    for my $piece (@$pieces) {
        my $at = 0;

        while ($at < length $piece && !$select->can_read(0)) {
            $select->can_write(5) or last;
            $at += $socket->syswrite($piece, length($piece) - $at, $at)
                   // last;
        }
    }

    $socket->sysread($answer, 65_536) if $select->can_read(5);

    return $answer =~ m{\AHTTP/1\.1 (\d+)} ? "x $1" : 'x closed';
}


1;
