#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# "chat_widget" on files that have not changed for a while: where the chat goes
# is looked for once.  Then the length is known, and nothing is read that
# sendfile() can send.  A file that changes is looked through again.

use lib 't/lib';
use Chat;
use Pages qw(page chats without);

my $t = Chat->new(workers => 1)->config(<<'EOF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    types { text/html html; }

    server {
        listen 127.0.0.1:%%PORT%%;
        root %%DIR%%/site;
        chat_widget on;

        location / { }
        location /chat/ { chat; }
        location /sendfile/ { alias %%DIR%%/site/; sendfile on; }
        location /pieces/ { alias %%DIR%%/site/; output_buffers 1 7; }
        location /gzip/ { alias %%DIR%%/site/; gzip on; gzip_min_length 1; }
        location /other/ { alias %%DIR%%/site/; chat_prefix /hand/; }
        location /ssi/ { alias %%DIR%%/site/; ssi on; }
        location /host/ { alias %%DIR%%/$arg_site/; }

        location /aio/ {
            alias %%DIR%%/site/;
            sendfile on;
            aio threads;
            directio 100k;
        }
    }

    server {
        listen 127.0.0.1:%%PORT2%%;
        root %%DIR%%/else;
        chat_widget on;

        location /chat/ { chat; }
    }
}
EOF

my %site = (
    'short.html'    => '<html><body>a</body></html>',
    'long.html'     => '<html><body>' . "<p>some text</p>\n" x 20_000
                       . "</body>\n</html>",
    'first.html'    => '</body>' . "<p>some text</p>\n" x 9000,
    'open.html'     => '<html><body>' . "<p>some text</p>\n" x 9000,
    'hand.html'     => '<body><script src="/hand/loader.js"></script></body>',
    'fragment.html' => "<p>some text</p>\n" x 9000,

    # a few bytes behind the element go with it, more stay where they are

    map({ ("tail$_.html" => '<html><body>a</body>' . ' ' x ($_ - 7)) }
        qw(7 127 128 129)),

    # also of what sendfile() sends, as many as are remembered

    map({ ("sent$_.html" => '<html><body>' . "<p>some text</p>\n" x 3000
                            . '</body>' . 'x' x ($_ - 7)) }
        qw(7 46 47 48)),
);

mkdir $t->dir . $_ for '/site', '/else';
put("site/$_", $site{$_}) for keys %site;
$t->start;

for my $in ('', '/sendfile', '/pieces', '/gzip', '/aio', '/ssi') {
    for my $name (grep { $_ !~ /^(hand|fragment)/ } sort keys %site) {
        my $first = page($t->url("$in/$name"));

        for my $turn (1 .. 2) {
            my $res = page($t->url("$in/$name"));

            is($res->code, 200, "$in/$name: again");
            ok(whole($res->body) eq whole($first->body), 'the same');
            is(chats($res->body), 1, 'once');
            ok(without($res->body) eq $site{$name}, 'as it was');
        }
    }
}

like(page($t->url('/sendfile/first.html'))->body,
     qr{\A<script[^>]*></script></body>}, 'at the very beginning');
like(page($t->url('/sendfile/open.html'))->body, qr{</script>\z},
     'and at the very end');

# the head

for my $path ('/short.html', '/sendfile/long.html', '/sendfile/open.html') {
    my ($head, $body) = split /\r\n\r\n/,
        $t->raw("GET $path HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                . "Range: bytes=0-9\r\n\r\n"), 2;

    like($head, qr{\AHTTP/1.1 200}, "$path: no range");
    like($head, qr/^Content-Length: ${\ length $body}\r$/m, 'its length');
    like($head, qr/^ETag: W\//m, 'a weak tag');
    unlike($head, qr/^Accept-Ranges/m, 'no ranges');

    my $only = page($t->url($path), -method => 'HEAD')->headers;

    is($only->content_length, length $body, 'HEAD says the same');
    is(page($t->url($path), 'If-None-Match' => $only->etag)->code, 304, 'and 304');
}

# what gets none is left as it is

for my $path ('/fragment.html', '/other/hand.html') {
    page($t->url($path));

    my $res = page($t->url($path));

    ok($res->body eq $site{ $path =~ s{.*/}{}r }, "$path: as it is");
    is($res->headers->content_length, length $res->body, 'its length');
    is($res->headers->accept_ranges, 'bytes', 'with ranges');
}

is(chats(page($t->url('/hand.html'))->body), 1, 'which depends on the chat');

# another file of the same size and time at the same address

put('site/same.html', '<html>abc</body></html>');
put('else/same.html', '<html></body>abc</html>');

for my $turn (1 .. 2) {
    like(page($t->url('/host/same.html?site=site'))->body,
         qr{abc<script[^>]*></script></body>}, 'in the one');
    like(page($t->url('/host/same.html?site=else'))->body,
         qr{<html><script[^>]*></script></body>abc}, 'and in the other');
}

for my $turn (1 .. 2) {
    like(page($t->url('/same.html'))->body,
         qr{abc<script[^>]*></script></body>}, 'of one server');
    like(page('http://127.0.0.1:' . $t->port(2) . '/same.html')->body,
         qr{<html><script[^>]*></script></body>abc}, 'and of another');
}

# a file that changes

page($t->url('/short.html'));
put('site/short.html', '<html>longer</body>bcd</html>', 3000);

my $res = page($t->url('/short.html'));

is(without($res->body), '<html>longer</body>bcd</html>', 'it has changed');
like($res->body, qr{longer<script[^>]*></script></body>}, 'and the place');

put('site/short.html', '<html>long</body>er-bcd</html>', 2000);
page($t->url('/short.html'));
put('site/short.html', '<html>longer-</body>bcd</html>', 1000);

like(page($t->url('/short.html'))->body,
     qr{longer-<script[^>]*></script></body>}, 'also when its size has not');

# one that has just been written is not relied upon

put('site/short.html', '<html>a</body>bcd</html>', 0);
page($t->url('/short.html'));
put('site/short.html', '<html>abcd</body></html>', 0);

like(page($t->url('/short.html'))->body, qr{abcd<script[^>]*></script></body>},
     'twice in a second');

$t->done;


# A file as old as this, in seconds; if 0, of this moment or later.

sub put ($name, $text, $age = 3600) {
    my $time = time + ($age ? -$age : 600);

    utime $time, $time, $t->write($name, $text);
}


# the time may have gone on

sub whole ($text) { $text =~ s/"at":\d+/"at":1/r }
