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

mkdir $t->dir . '/site';
$t->write("site/$_.html", $site{$_}) for keys %site;
$t->start;

for my $name (sort keys %site) {
    for my $in ('', '/gzip', '/slow') {
        my ($status, $text) = $t->curl('--http2', '--compressed', '-i',
                                       $t->url("$in/$name.html"));
        my ($head, $body) = split /\r\n\r\n/, $text, 2;

        is($status, 0, "$in/$name: comes");
        like($head, qr{^HTTP/2 200}, 'by HTTP/2');
        unlike($head, qr/^content-length/mi, 'of no known length');
        is(chats($body), 1, 'once');
        ok(without($body) eq $site{$name}, 'as it was');
    }
}

my ($status, $head) = $t->curl('--http2', '-I', $t->url('/short.html'));

is($status, 0, 'HEAD');
like($head, qr{^HTTP/2 200.*^etag: W/}ms, 'with a weak tag');
unlike($head, qr/^content-length/mi, 'and no length');

$t->done;
