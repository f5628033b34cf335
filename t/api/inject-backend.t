#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# "chat_widget" on pages of backends: by the length, in chunks, byte by byte,
# compressed, from a cache, by FastCGI, through a second nginx.

use lib 't/lib';
use Chat;
use IO::Compress::Gzip qw(gzip);
use Pages qw(page chats without backend fastcgi wait_for_taken);

my $t = Chat->new(workers => 1)->config(<<'EOF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    proxy_cache_path %%DIR%%/cache keys_zone=pages:1m;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $host;

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }

        location / {
            chat_widget on;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }

        location /unbuffered/ {
            chat_widget on;
            proxy_buffering off;
            proxy_pass http://127.0.0.1:%%PORT2%%/;
        }

        location /1.0/ {
            chat_widget on;
            proxy_http_version 1.0;
            proxy_pass http://127.0.0.1:%%PORT2%%/;
        }

        location /cached/ {
            chat_widget on;
            proxy_cache pages;
            proxy_cache_valid 200 1h;
            add_header X-Cached $upstream_cache_status;
            proxy_pass http://127.0.0.1:%%PORT2%%/;
        }

        location /small/ {
            chat_widget on;
            proxy_buffers 2 1k;
            proxy_buffer_size 1k;
            proxy_busy_buffers_size 1k;
            proxy_max_temp_file_size 0;
            proxy_pass http://127.0.0.1:%%PORT2%%/;
        }

        location /gunzip/ {
            chat_widget on;
            gunzip on;
            proxy_pass http://127.0.0.1:%%PORT2%%/;
        }

        location /gzip/ {
            chat_widget on;
            gzip on;
            gzip_proxied any;
            gzip_min_length 1;
            proxy_pass http://127.0.0.1:%%PORT2%%/;
        }

        location /fastcgi/ {
            chat_widget on;
            fastcgi_param SCRIPT_NAME $uri;
            fastcgi_pass 127.0.0.1:%%PORT3%%;
        }

        location /own-error/ {
            chat_widget on;
            proxy_intercept_errors on;
            error_page 500 = /sorry;
            proxy_pass http://127.0.0.1:%%PORT2%%/;
        }

        location /sorry {
            chat_widget on;
            internal;
            default_type text/html;
            return 500 "<html><body>sorry</body></html>";
        }

        location /accel/ {
            proxy_pass http://127.0.0.1:%%PORT2%%/;
        }

        location /internal/ {
            internal;
            chat_widget on;
            alias %%DIR%%/;
            default_type text/html;
        }

        location /twice/ {
            chat_widget on;
            proxy_pass http://127.0.0.1:%%PORT%%/;
        }

        location /other/ {
            chat_widget on;
            chat_prefix https://chat.example.com/help/;
            proxy_pass http://127.0.0.1:%%PORT%%/;
        }
    }
}
EOF

my $body = "<html><body>" . "<p>word</p>\n" x 500 . "</body></html>\n";
my $type = 'Content-Type: text/html; charset=utf-8';

gzip(\$body => \my $packed);

my %pages = (
    length  => [ "200 OK", [ $type, 'Content-Length: ' . length $body,
                             'ETag: "a"', 'Accept-Ranges: bytes' ], $body ],
    close   => [ "200 OK", [ $type ], $body ],
    chunks  => [ "200 OK", [ $type, 'Transfer-Encoding: chunked' ],
                 map { chunk($_) } (unpack '(a37)*', $body), '' ],
    bytes   => [ "200 OK", [ $type ],
                 "<html><body>\n", split(//, "a</b></bod></body >\n"), 'b' ],
    packed  => [ "200 OK", [ $type, 'Content-Encoding: gzip',
                             'Content-Length: ' . length $packed ], $packed ],
    empty   => [ "200 OK", [ $type, 'Content-Length: 0' ] ],
    nothing => [ "204 No Content", [ $type ] ],
    part    => [ "206 Partial Content",
                 [ $type, 'Content-Range: bytes 0-11/99',
                   'Content-Length: 14' ], '<html></body>a' ],
    moved   => [ "302 Found", [ $type, 'Location: /a',
                                'Content-Length: 14' ], '<html></body>a' ],
    gone    => [ "404 Not Found", [ $type, 'Content-Length: 13' ],
                 '<body></body>' ],
    broken  => [ "500 Oh", [ $type, 'Content-Length: 2' ], 'oh' ],
    json    => [ "200 OK", [ 'Content-Type: application/json' ],
                 '"<html></body>"' ],
    wide    => [ "200 OK", [ 'Content-Type: text/html; charset="utf-16le"' ],
                 "<\0/\0b\0o\0d\0y\0>\0<html></body>" ],
    hand    => [ "200 OK", [ $type ], '<html><script src="/chat/',
                 'loader.js"></script></body>' ],
    accel   => [ "200 OK", [ 'X-Accel-Redirect: /internal/page' ], '' ],
    short   => [ "200 OK", [ $type, 'Content-Length: 99' ],
                 '<html><body>a' ],
);

my $backend = backend($t, 2, sub ($head, $socket) {
    my ($name) = $head =~ m{^\S+ /(\w+)};
    my ($status, $lines, @pieces) = @{ $pages{$name} };

    @pieces = () if $head =~ /^HEAD/;
    $socket->sockopt(IO::Socket::INET::TCP_NODELAY(), 1)
        if IO::Socket::INET->can('TCP_NODELAY');

    for my $piece (join("\r\n", "HTTP/1.1 $status", @$lines,
                        'Connection: close', '', ''), @pieces)
    {
        $socket->syswrite($piece);

        wait_for_taken($socket) if $name eq 'bytes';
    }
});

my $fastcgi = fastcgi($t, 3, sub ($params) {
    my $name = $params =~ m{/fastcgi/(\w+)} ? $1 : '';

    return ("Content-Type: text/html\r\n\r\n", '<html><body>', 'fast</bo',
            'dy></html>') if $name eq 'page';

    return ("Status: 404 Not Found\r\nContent-Type: text/html\r\n\r\n",
            '<html>none');
});

$t->write('page', '<html>internal</body>');
$t->start;

# the same page, however it comes

for my $name (qw(length close chunks)) {
    for my $in ('', '/unbuffered', '/1.0', '/small', '/gzip', '/cached') {
        my $res = page($t->url("$in/$name"));

        is(chats($res->body), 1, "$in/$name: once");
        ok(without($res->body) eq $body, "$in/$name: as it was");
        like($res->body, qr{</p>\n<script[^>]*></script></body></html>\n\z},
             "$in/$name: in its place");
    }
}

for my $in ('', '/unbuffered', '/small') {
    is(without(page($t->url("$in/bytes"))->body),
       "<html><body>\na</b></bod></body >\nb", "$in/bytes: as it was");
    like(page($t->url("$in/bytes"))->body,
         qr{a</b></bod><script[^>]*></script></body >\nb\z}, 'in its place');
}

# the head, of HEAD too

for my $method (qw(GET HEAD)) {
    my $head = $t->raw("$method /length HTTP/1.1\r\nHost: a\r\n"
                       . "Connection: close\r\n\r\n");
    $head =~ s/\r\n\r\n.*//s;

    like($head, qr/^ETag: W\/"a"/m, "$method: the tag is weak");
    unlike($head, qr/^(?:Content-Length|Accept-Ranges):/m,
           'neither length nor ranges');
}

# a cache has what the backend said

for my $expected (qw(HIT HIT)) {
    my $res = page($t->url('/cached/length'));

    is($res->headers->header('X-Cached'), $expected, 'from the cache');
    is(chats($res->body), 1, 'once');
}

ok((grep { !chats($_) && /<\/body>/ }
    map { $t->read(s{^\Q${\ $t->dir}\E/}{}r) } glob $t->dir . '/cache/*'),
   'the cache keeps the page without');

# compressed: as it was, and a word in the log, but one

for my $in ('', '/1.0', '') {
    my $raw = $t->raw("GET $in/packed HTTP/1.0\r\nAccept-Encoding: gzip\r\n"
                      . "\r\n");

    ok(index($raw, $packed) > 0, "$in/packed: as it was");
    like($raw, qr/^Content-Length: ${\ length $packed}\r$/m, 'and as long');
}

my @said = $t->log =~ /\[warn\].*"chat_widget" leaves a page alone.*gzip.*/g;
is(scalar @said, 2, 'once for each location');

is(chats(page($t->url('/gunzip/packed'))->body), 1, 'not where gunzip is');

# what is no page, or no whole one

for my $name (qw(empty part moved json wide hand)) {
    my $res = page($t->url("/$name"));

    is($res->code, (split / /, $pages{$name}[0])[0], "/$name: comes through");
    is(chats($res->body), 0, 'without');
    is($res->body, join('', @{ $pages{$name} }[2 .. $#{ $pages{$name} }]),
       'as it was');
}

is(page($t->url('/nothing'))->code, 204, 'no content');
is(page($t->url('/part'))->headers->header('Content-Range'),
   'bytes 0-11/99', 'a part says which');

# errors: the backend's, nginx's own, and by another page

my $res = page($t->url('/gone'));
is($res->code, 404, 'not found');
is(chats($res->body), 1, 'has the chat');

$res = page($t->url('/own-error/broken'));
is($res->code, 500, 'an error');
like($res->body, qr{\A<html><body>sorry<script[^>]*></script></body></html>\z},
     'with a page of its own, and the chat');

is(chats(page($t->url('/accel/accel'))->body), 1, 'X-Accel-Redirect');

# FastCGI

$res = page($t->url('/fastcgi/page'));
like($res->body, qr{\A<html><body>fast<script[^>]*></script></body></html>\z},
     'FastCGI');

$res = page($t->url('/fastcgi/none'));
is($res->code, 404, 'and its errors');
like($res->body, qr{\A<html>none<script[^>]*></script>\z}, 'have the chat');

# a second nginx adds nothing, also for a chat elsewhere

for my $in ('/twice', '/other') {
    is(chats(page($t->url("$in/length"))->body), 1, "$in: once");
    like(page($t->url("$in/length"))->body, qr{"/chat/loader.js"},
         'the inner one');
}

# a page that breaks off is not made whole

my $raw = $t->raw("GET /short HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                  . "\r\n");
is(chats($raw), 0, 'a page that breaks off: nothing');
unlike($raw, qr/\r\n0\r\n\r\n\z/, 'and no end');

$t->done;


sub chunk ($data) { sprintf "%x\r\n%s\r\n", length $data, $data }
