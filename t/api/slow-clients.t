#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Clients that send half a head or half a body and then nothing, or that ask
# and never read: others are served meanwhile, each costs little memory, and
# in the end nginx lets go of them.  A thousand visitors who come once and
# not again leave nothing behind.

use lib 't/lib';
use Chat;

use IO::Select ();

use Raw qw(cookie_of exchange request);

use constant N => 150;                  # of each kind

my $t = Chat->new(workers => 1)->config(<<'CONF')->start;
%%GLOBALS%%

worker_rlimit_nofile 1000;

events { worker_connections 1000; }

http {
    %%HTTP%%

    client_header_timeout 3s;
    client_body_timeout 3s;
    send_timeout 3s;
    keepalive_timeout 3s;
    keepalive_requests 100000;

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
    }
}
CONF

my $admin = $t->admin;
my $visitor = $t->visitor;
my $cookie = cookie_of($visitor);

$visitor->say('x' x 4000) for 1 .. 60;

my $before = memory();

my $head = request($t, GET => 'visitor/history', undef, $cookie);
my $body = request($t, POST => 'visitor/messages', '{"client_id":"slow', $cookie,
                   'Content-Length: 60000');

# a small window: what is not read stays with nginx

my $history = request($t, GET => 'visitor/history?limit=100', undef, $cookie);

my @slow = map {
    my $bytes = $_;
    map { my $socket = $t->socket; $socket->syswrite($bytes); $socket } 1 .. N;
} substr($head, 0, 60), $body, $history x 8;

is(scalar @slow, 3 * N, 'they are there');

# others are served

$visitor->cursor($visitor->open->session->{cursor});

for my $n (1 .. 10) {
    my $poll = $visitor->poll_p(wait => 10);

    is($visitor->say("number $n")->code, 201, 'a message is taken');

    my ($heard) = $visitor->all($poll);

    is($heard->json->{events}[0]{data}{text}, "number $n", 'and heard');
}

is($admin->conversations->code, 200, 'an operator works');

SKIP: {
    skip('a sanitizer has memory of its own', 1) if $ENV{CHAT_NGINX};

    my $each = (memory() - $before) / @slow;

    cmp_ok($each, '<', 100, 'each costs ' . int($each) . ' KB');
}

# and then they are not there any more

ok(wait_for(sub { @slow = grep { !over($_) } @slow; !@slow }, 20,
            'nginx lets go'), 'nginx lets go of all');

# visitors who come once

my $open = request($t, POST => 'visitor/session', '');

come(300);

my $first = memory();
my $came = come(1000);

is($came, 1000, 'a thousand visitors came, each with a token of its own');

SKIP: {
    skip('a sanitizer has memory of its own', 1) if $ENV{CHAT_NGINX};

    cmp_ok(memory() - $first, '<', 600, 'and left nothing behind, in KB');
}

$t->done;


sub memory {
    my ($pid) = $t->workers;

    open my $in, '<', "/proc/$pid/smaps_rollup" or return 0;
    local $/;

    return <$in> =~ /^Private_Dirty:\s+(\d+)/m ? $1 : 0;
}


# what it sends to us is of no interest, but its end is

sub over ($socket) {
    while (IO::Select->new($socket)->can_read(0)) {
        return 1 if !$socket->sysread(my $bytes, 1 << 20);
    }

    return 0;
}


# opens the chat and asks for the history with the cookie that came

sub come ($n) {
    my $socket = $t->socket;
    my %token;

    $socket->sockopt(Socket::TCP_NODELAY(), 1);

    for (1 .. $n) {
        my ($opened) = exchange($socket, $open);
        my ($theirs) = $opened->{head} =~ /^Set-Cookie: (chat_visitor=[^;]+)/mi;
        my ($history) = exchange($socket, request($t, GET => 'visitor/history',
                                                  undef, "Cookie: $theirs"));

        $token{$theirs} = 1 if $history->{code} == 200;
    }

    return scalar keys %token;
}
