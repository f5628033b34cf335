#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A reader that does not read holds back nobody, costs a bounded amount of
# memory, and has all of it, once and in order, when it reads again.

use lib 't/lib';
use Chat;

use Mojo::JSON qw(from_json);
use Waiting qw(wait_for_waiting);

use constant {
    SLOW     => 6,
    MESSAGES => 600,
    TEXT     => 3000,
};

my $t = Chat->new(workers => 1)->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%% sndbuf=64k;

        location /chat/ { chat; send_timeout 120s; }
        location = /status { stub_status; }
    }
}
EOF

my $visitor = $t->visitor;
my $admin = $t->admin;

$visitor->say('hello');
$admin->take($visitor->conversation);

my $from = $visitor->poll(wait => 0)->json->{cursor};
my $cookie = join '; ', map { $_->name . '=' . $_->value }
             @{ $visitor->ua->cookie_jar->all };

my @sent = send_many();

# some that have to catch up, some that hear what is new

my @slow = (map({ slow_stream($from) } 1 .. SLOW),
            map({ slow_stream($sent[-1]) } 1 .. SLOW));

ok(wait_for_waiting($t, 2 * SLOW), 'streams that nobody reads');

$visitor->cursor($sent[-1]);

my $quick = $visitor->stream;
my $before = memory();

push @sent, my @more = send_many();

$quick->wait(sub (@events) { grep { ($_->{id} // 0) == $more[-1] } @events });

is_deeply([ map { $_->{id} // () } $quick->events ], \@more,
          'a stream beside them has all');

my $grown = memory() - $before;
my $total = 3 * SLOW * MESSAGES * TEXT / 1024;

# a sanitizer keeps what was freed

SKIP: {
    skip 'not the memory of a real server', 1 if $t->nginx =~ /sanitize/;

    cmp_ok($grown, '<', $total / 2,
           "$grown KB more for $total KB that nobody reads");
}

# a poll passes as well

my $answer;
$visitor->cursor($sent[-1]);
$visitor->poll_p(wait => 25)->then(sub ($res) { $answer = $res });

push @sent, $admin->say($visitor->conversation, 'the end')->json->{event}{id};

ok(wait_for(sub { $answer }, 5), 'a poll is answered');
is($answer->json->{events}[-1]{id}, $sent[-1], 'with what is new');

# now they read

my @expected = (("@sent") x SLOW, ("@sent[MESSAGES .. $#sent]") x SLOW);

for my $n (0 .. $#slow) {
    my @got = read_all($slow[$n], $sent[-1]);

    ok("@got" eq $expected[$n], "slow stream $n has all, once and in order")
        or diag(scalar @got, ' events, ', $got[0] // 0, ' to ',
                $got[-1] // 0);
}

$quick->close;
@slow = ();
$t->done;


# Ids of messages that were sent, in their order.

sub send_many {
    my $text = 'x' x TEXT;
    my @ids;

    while (@ids < MESSAGES) {
        my @answers = $visitor->all(map { $visitor->say_p($text) } 1 .. 15);

        die 'not sent' if grep { $_->code != 201 } @answers;

        push @ids, map { $_->json->{event}{id} } @answers;
    }

    return sort { $a <=> $b } @ids;
}


sub slow_stream ($after) {
    my $socket = $t->socket;

    $socket->syswrite("GET /chat/api/v1/visitor/events?after=$after"
        . " HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: $cookie\r\n"
        . "Accept: text/event-stream\r\n\r\n");

    return $socket;
}


# The ids of all events up to one, from a socket and its chunks.

sub read_all ($socket, $last) {
    my ($bytes, $body, @ids) = ('', '');

    $socket->blocking(0);

    # its id may be there before the rest of its chunk is

    wait_for(sub {
        while ($socket->sysread($bytes, 65536, length $bytes)) { }

        return $bytes =~ /^id: $last\r?$/m
               && ($body = whole_chunks($bytes)) =~ /^id: $last\n.*\n\n/m;
    }, 30, "a slow reader reads");

    for my $block (split /\n\n/, $body) {
        my ($data) = $block =~ /^data: (.*)$/m or next;
        my $event = eval { from_json($data) };
        push @ids, $event ? $event->{id} // () : 'broken';
    }

    return grep { $_ } @ids;
}


sub whole_chunks ($bytes) {
    my $body = '';

    $bytes =~ s/\A.*?\r\n\r\n//s;

    while ($bytes =~ s/\A([0-9a-f]+)\r\n//i) {
        my $length = hex $1;
        last if !$length || length $bytes < $length;
        $body .= substr $bytes, 0, $length, '';
        $bytes =~ s/\A\r\n//;
    }

    return $body;
}


# Resident memory of the worker, in KB.

sub memory {
    my ($worker) = $t->workers;

    open my $fh, '<', "/proc/$worker/status" or die "$worker: $!";
    my ($kb) = map { /^VmRSS:\s+(\d+)/ ? $1 : () } <$fh>;

    return $kb;
}
