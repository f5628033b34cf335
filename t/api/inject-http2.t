#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# "chat_widget" over HTTP/2: short pages and long ones, compressed or not, and
# clients that read slowly.

use lib 't/lib';
use Chat;
use Pages qw(chats without);

my $t = Chat->new(workers => 1, tls => 1)->config(<<'EOF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    types { text/html html; }

    server {
        listen 127.0.0.1:%%PORT%% ssl http2;
        %%CERT%%

        root %%DIR%%/site;
        chat_widget on;
        http2_chunk_size 1k;

        location / { }
        location /chat/ { chat; }
        location /gzip/ { alias %%DIR%%/site/; gzip on; }
        location /slow/ { alias %%DIR%%/site/; limit_rate 400k; }
    }
}
EOF

my %site = (
    short => '<html><body>a</body></html>',
    long  => '<html><body>' . "<p>some text</p>\n" x 12_000 . '</body></html>',
    open  => '<html><body>' . "<p>some text</p>\n" x 12_000,
);

# what is found in files of just now, or of later, is not kept

mkdir $t->dir . '/site';
put("$_.html", $site{$_}, 600), put("old-$_.html", $site{$_}, -3600)
    for keys %site;
$t->start;

for my $name (sort keys %site) {
    for my $in ('', '/gzip', '/slow') {
        my ($head, $body) = page("$in/$name.html");

        unlike($head, qr/^content-length/mi, 'of no known length');
        is(chats($body), 1, 'once');
        ok(without($body) eq $site{$name}, 'as it was');

        # looked for, and known from then on

        page("$in/old-$name.html");
        ($head, $body) = page("$in/old-$name.html");

        like($head, qr/^content-length: ${\ length $body}\r?$/mi, 'its length')
            if $in ne '/gzip';
        is(chats($body), 1, 'once');
        ok(without($body) eq $site{$name}, 'as it was');
    }
}

my ($head) = page('/short.html', '-I');

like($head, qr/^etag: W/mi, 'with a weak tag');
unlike($head, qr/^content-length/mi, 'and no length');

my (undef, $body) = page('/old-short.html');
($head) = page('/old-short.html', '-I');

like($head, qr/^etag: W/mi, 'with a weak tag');
like($head, qr/^content-length: ${\ length $body}\r?$/mi, "and a GET's length");

$t->done;


sub put ($name, $text, $when) {
    utime time + $when, time + $when, $t->write("site/$name", $text);
}


sub page ($path, @how) {
    my ($status, $text) = $t->curl('--http2', '--compressed', '-i', @how,
                                   $t->url($path));
    my ($head, $body) = split /\r\n\r\n/, $text, 2;

    is($status, 0, "$path: comes");
    like($head, qr{^HTTP/2 200}, 'by HTTP/2');

    return ($head, $body);
}
