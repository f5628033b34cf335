#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A body arrives in pieces of any size, with a length or in chunks, and longer
# than nginx's buffer: it is the same body, and never goes through a file.

use lib 't/lib';
use Chat;

use Raw qw(cookie_of exchange request);

my $t = Chat->new->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    client_body_buffer_size 1k;

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
    }

    server {
        listen 127.0.0.1:%%PORT2%%;

        location /chat/ { chat; client_body_in_file_only clean; }
    }
}
CONF

my $visitor = $t->visitor;
my $cookie = cookie_of($visitor);
my $path = 'visitor/messages';

# byte by byte

my $small = body('byte by byte, é €');

is(said(split //, request($t, POST => $path, $small, $cookie)),
   'byte by byte, é €', 'the whole request byte by byte');

is(said(chunked(map { sprintf "1\r\n%s\r\n", $_ } split //, $small)),
   'byte by byte, é €', 'chunks of one byte');

is(said(chunked(split //, join '', map { sprintf "1\r\n%s\r\n", $_ }
                                   split //, $small)),
   'byte by byte, é €', 'and those byte by byte');

is(said(chunked(sprintf "%x;name=value\r\n%s\r\n", length $small, $small)),
   'byte by byte, é €', 'one chunk, with an extension');

# larger than the buffer: through a file

my $long = '😀' x 4000;

is(said(request($t, POST => $path, body($long), $cookie)), $long,
   'a body longer than the buffer');

is(said(chunked(map { sprintf "%x\r\n%s\r\n", length, $_ }
                unpack '(a1000)*', body($long))),
   $long, 'chunks, longer than the buffer');

is(said(split /(?<=\r\n\r\n)/, request($t, POST => $path, body($long),
                                       $cookie)),
   $long, 'first the head, then the body');

is($visitor->post($path, { client_id => 'only-in-file', text => 'file' },
                  port => $t->port(2), headers => { Origin => undef })->json
    ->{event}{data}{text}, 'file',
   'where bodies are to be in files');

unlike($t->log, qr/buffered to a temporary file/, 'there were no files');
is_deeply([grep { -f } glob $t->dir . '/client_body/*'], [], 'none at all');

# chunks that are none

for my $case (
    ['no number' => "x\r\n{}\r\n0\r\n\r\n"],
    ['a negative one' => "-2\r\n{}\r\n0\r\n\r\n"],
    ['more than it says' => "1\r\n{}\r\n0\r\n\r\n"],
    ['a huge one' => "ffffffffffffffff1\r\n{}\r\n0\r\n\r\n"],
) {
    my ($what, $bytes) = @$case;
    my ($answer) = exchange($t->socket,
        request($t, POST => $path, '', $cookie,
                'Transfer-Encoding: chunked') . $bytes);

    is($answer->{code}, 400, "a chunk with $what");
}

# which of two lengths

my ($both) = exchange($t->socket, request($t, POST => $path, $small, $cookie,
    'Content-Length: ' . length $small, 'Transfer-Encoding: chunked'));

is($both->{code}, 400, 'a length and chunks');

# no length at all is no body

my ($none) = exchange($t->socket,
                      request($t, POST => $path, undef, $cookie,
                              'Content-Type: application/json'));

is($none->{code}, 400, 'no length, no body');

# a client that asks before it sends

my $asked = $t->socket;
my ($go_on) = exchange($asked, request($t, POST => $path, '', $cookie,
    'Expect: 100-continue', 'Content-Length: ' . length $small), 0);

is($go_on->{code}, 100, 'go on');
is((exchange($asked, $small))[-1]{json}{event}{data}{text},
   'byte by byte, é €', 'and it is sent');

# HTTP/1.0 has no chunks and needs no host

my ($old) = exchange($t->socket, join "\r\n",
    "POST /chat/api/v1/$path HTTP/1.0", $cookie,
    'Content-Type: application/json', 'Content-Length: ' . length $small,
    '', $small);

is($old->{json}{event}{data}{text}, 'byte by byte, é €', 'HTTP/1.0');

$t->done;


sub body ($text) {
    return Mojo::JSON::encode_json({
        client_id => $visitor->client_id, text => $text,
    });
}


sub chunked (@bytes) {
    return (request($t, POST => $path, '', $cookie,
                    'Transfer-Encoding: chunked'), @bytes, "0\r\n\r\n");
}


# The text of the message that came of it.

sub said (@bytes) {
    my $socket = $t->socket;

    $socket->sockopt(Socket::TCP_NODELAY(), 1) if @bytes > 1;
    $socket->syswrite($_) for @bytes[0 .. $#bytes - 1];

    my ($answer) = exchange($socket, $bytes[-1]);

    return $answer->{json}{event}{data}{text} // "$answer->{code}";
}
