#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Files as they may be: empty, large, and kept open by nginx.

use lib 't/lib';
use Chat;

my $t = Chat->new->config(<<'CONF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        # with a slash behind the name, and nginx's cache of descriptors

        open_file_cache max=10;
        open_file_cache_errors on;

        location /chat/ { chat; chat_assets %%DIR%%/static/; }
    }

    server {
        listen 127.0.0.1:%%PORT2%%;

        # what nginx packs by itself it does not pack twice

        gzip on;
        gzip_types text/javascript;
        gzip_min_length 1;
        sendfile on;
        etag off;

        location /chat/ { chat; chat_assets static; }
    }
}
CONF

mkdir $t->dir . "/static$_" for '', '/w';

my $large = join '', map { "line $_\n" } 1 .. 200_000;

$t->write('static/w/empty.js', '');
$t->write('static/w/large.js', $large);
$t->write('static/w/packed.js', 'x' x 1000);
$t->write('static/w/packed.js.br', 'packed');
$t->start;

my $browser = $t->browser;
my @second = (port => $t->port(2));

for my $n (1 .. 2) {
    my $empty = $browser->get('/chat/w/empty.js');

    is($empty->code, 200, "an empty file, $n");
    is($empty->headers->content_length, 0, 'of no length');
    is($browser->get('/chat/w/none.js')->code, 404, 'no file');
    ok($browser->get('/chat/w/large.js')->body eq $large, 'a large one');
}

ok($browser->get('/chat/w/large.js', @second)->body eq $large,
   'a large one, by sendfile, from a relative folder');

my $packed = $browser->get('/chat/w/packed.js', @second,
                           headers => { 'Accept-Encoding' => 'br, gzip' });

is($packed->headers->content_encoding, 'br', 'packed once');
is($packed->body, 'packed', 'as it lies there');
is($packed->headers->etag, undef, 'without a tag if none is wanted');

$t->done;
