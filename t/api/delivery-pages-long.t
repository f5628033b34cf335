#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Pages of long messages are short, so that a client who takes the time to
# read one does not hold much; page by page all of it comes, once.

use lib 't/lib';
use Chat;

use Socket ();

use constant CLIENTS => 40;

my $t = Chat->new(workers => 1)->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%% sndbuf=32k;

        location /chat/ { chat; }
    }
}
EOF

my $visitor = $t->visitor;
my $text = "\x{1f642}" x 4000;
my @sent;

for (1 .. 15) {
    my @answers = $visitor->all(map { $visitor->say_p($text) } 1 .. 8);

    push @sent, map { $_->json->{event}{id} } @answers;
}

@sent = sort { $a <=> $b } @sent;

# forwards

my ($after, $most, @got) = (0, 0);

for (1 .. 200) {
    my $res = $visitor->get('visitor/events',
                            query => { after => $after, wait => 0 });
    my $page = $res->json;

    push @got, messages($page);
    $most = length $res->body if $most < length $res->body;
    $after = $page->{cursor};

    last if !$page->{more};
}

is_deeply(\@got, \@sent, 'all of it, once and in order');
cmp_ok($most, '<', 200_000, 'in short answers');

# backwards

my $before;
($most, @got) = (0);

for (1 .. 200) {
    my $res = $visitor->get('visitor/history', query => {
        limit => 100, defined $before ? (before => $before) : (),
    });
    my $page = $res->json;

    unshift @got, messages($page);
    $most = length $res->body if $most < length $res->body;
    $before = $page->{events}[0]{id};

    last if !$page->{more};
}

is_deeply(\@got, \@sent, 'history, too');
cmp_ok($most, '<', 200_000, 'in short answers');

# who does not read holds little

my $cookie = join '; ', map { $_->name . '=' . $_->value }
             @{ $visitor->ua->cookie_jar->all };

SKIP: {
    skip 'not the memory of a real server', 4 if $t->nginx =~ /sanitize/;

    for my $path ('events?after=0', 'history?limit=100') {
        my $memory = memory();
        my @slow = map { slow($path) } 1 .. CLIENTS;

        is($visitor->history->code, 200, 'somebody else is served');
        cmp_ok(memory() - $memory, '<', CLIENTS * 1024,
               "not much for those who do not read $path");
    }
}

$t->done;


sub messages ($page) {
    return map { $_->{type} eq 'message' ? $_->{id} : () }
           @{ $page->{events} };
}


sub slow ($path) {
    my $socket = $t->socket;

    setsockopt($socket, Socket::SOL_SOCKET(), Socket::SO_RCVBUF(), 4096);
    $socket->syswrite("GET /chat/api/v1/visitor/$path HTTP/1.1\r\n"
        . "Host: 127.0.0.1\r\nCookie: $cookie\r\n\r\n");

    return $socket;
}


# KB of the worker's own

sub memory {
    my ($pid) = $t->workers;

    open my $file, '<', "/proc/$pid/status" or die "status: $!";

    return (join('', <$file>) =~ /^RssAnon:\s+(\d+)/m)[0];
}
