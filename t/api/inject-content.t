#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# "chat_widget" on small files that are asked for often: a worker sends them
# from memory, until a file is another one, however alike they look.

use lib 't/lib';
use Chat;
use IO::Socket::INET ();
use Pages qw(page chats without);
use Socket qw(SOL_SOCKET SO_RCVBUF inet_aton pack_sockaddr_in);

use constant SIZE => 20_000;
use constant TIME => time - 3600;

my $t = Chat->new(workers => 1)->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    types { text/html html; }
    sendfile on;

    server {
        listen 127.0.0.1:%%PORT%% sndbuf=4608;
        root %%DIR%%/site;
        chat_widget on;

        location / { }
        location /chat/ { chat; }
        location /open/ { alias %%DIR%%/site/; open_file_cache max=9; }
    }
}
EOF

mkdir $t->dir . '/site';

my ($worker) = $t->workers;
my @many = map { "many$_.html" } 1 .. 120;

put($_, 'a') for qw(one.html two.html three.html four.html slow.html), @many;

# what has changed within the last seconds is not kept

wait_for(sub { time - (stat file($many[-1]))[10] > 3 }, 20);

remembered($_, 'a') for '/one.html', '/open/one.html';

# one that has just been written is read each time, whatever its time says

put('new.html', 'n');

my ($times, $read) = (0, bytes_read());

while (time - (stat file('new.html'))[10] < 2 && $times < 20) {
    page($t->url('/new.html'));
    $times++;
}

cmp_ok(bytes_read() - $read, '>=', ($times - 1) * SIZE,
       "just written: read $times times");

# of the same size and time, in place

often('/two.html');
overwrite('two.html', 'b');

is(without(page($t->url('/two.html'))->body), text('b'), 'written in place')
    for 1 .. 3;

# another file that only looks like it

often('/three.html');
put('new', 'c');
rename file('new'), file('three.html') or die;

is(without(page($t->url('/three.html'))->body), text('c'), 'replaced')
    for 1 .. 3;

# one that stays open

often('/open/four.html');
overwrite('four.html', 'd');

is(without(page($t->url('/open/four.html'))->body), text('d'),
   'written in place while it is open') for 1 .. 3;

# who reads slowly gets what was sent, although it has been dropped meanwhile

often('/slow.html');

my $slow = slow_reader("GET /slow.html HTTP/1.1\r\nHost: a\r\n"
                       . "Connection: close\r\n\r\n");

overwrite('slow.html', 'e');

is(without(page($t->url('/slow.html'))->body), text('e'), 'the new one');
often("/$_") for @many[0 .. 9];

my $answer = do { local $/; readline $slow };

is(without((split /\r\n\r\n/, $answer, 2)[1]), text('a'),
   'the old one, all of it');

# more of them than are kept, again and again

for my $turn (1 .. 5) {
    is(scalar(grep { without(page($t->url("/$_"))->body) eq text('a') } @many),
       scalar @many, 'many files');
}

$read = bytes_read();
page($t->url('/one.html'));

cmp_ok(bytes_read() - $read, '>=', SIZE, 'the first had to make room');

# what has changed is kept again as it is now

wait_for(sub { time - (stat file('two.html'))[10] > 3 }, 20);
remembered('/two.html', 'b');

$t->done;


sub file ($name) { $t->dir . "/site/$name" }

sub text ($letter) {
    return '<html><body>' . $letter x SIZE . "</body>\n</html>";
}


# all have the same size and time of modification

sub put ($name, $letter) {
    utime TIME, TIME, $t->write("site/$name", text($letter));
}


sub overwrite ($name, $letter) {
    open my $out, '+<', file($name) or die "$name: $!";
    print $out text($letter);
    close $out;

    utime TIME, TIME, file($name);
}


# that it is no longer read, in the end

sub remembered ($path, $letter) {
    often($path);

    my $before = bytes_read();
    my @pages = map { page($t->url($path)) } 1 .. 20;

    cmp_ok(bytes_read() - $before, '<', 3 * SIZE,
           "$path: 20 times, and not read so often");

    is(scalar(grep { chats($_->body) == 1
                     && without($_->body) eq text($letter) } @pages),
       20, 'the page with the chat');
    is($pages[-1]->headers->content_length, length $pages[-1]->body,
       'its length');
}


sub often ($path) { page($t->url($path)) for 1 .. 6 }


# by the worker, from files: what sendfile() sends counts, too

sub bytes_read {
    open my $in, '<', "/proc/$worker/io" or die "/proc/$worker/io: $!";
    return (do { local $/; readline $in } =~ /^rchar: (\d+)/)[0];
}


# asks, and has room for a little of the answer, the beginning of which is there

sub slow_reader ($request) {
    my $socket = IO::Socket::INET->new(Proto => 'tcp');

    setsockopt($socket, SOL_SOCKET, SO_RCVBUF, 2304) or die;
    connect($socket, pack_sockaddr_in($t->port, inet_aton('127.0.0.1')))
        or die "connect: $!";
    syswrite $socket, $request;

    my $seen = '';
    vec($seen, fileno $socket, 1) = 1;
    select($seen, undef, undef, 20) or die 'no answer';

    return $socket;
}
