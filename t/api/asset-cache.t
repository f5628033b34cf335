#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# What has a hash in its name is cached for good; the rest is asked for again
# and answered 304.  Parts and heads are those of the variant.

use lib 't/lib';
use Chat;

my $t = Chat->new->start;

my $browser = $t->browser;
my ($hashed) = map { m{(w/panel-.*\.js)$} } glob "$Chat::root/build/static/w/*";
my ($asset) = map { m{(console/assets/.*\.js)$} }
              glob "$Chat::root/build/static/console/assets/*.js";

ok($hashed && $asset, 'there are built files');

my %cache = (
    'loader.js' => 'public, max-age=300',
    $hashed => 'public, max-age=31536000, immutable',
    $asset => 'public, max-age=31536000, immutable',
    'console/' => 'no-cache',
);

for my $path (sort keys %cache) {
    for my $coding ('', 'br', 'gzip') {
        my $res = get($path, $coding);
        my $size = $res->headers->content_length;
        my $etag = $res->headers->etag;
        my $modified = $res->headers->last_modified;

        is($res->code, 200, "$path, \"$coding\"");
        is($res->headers->cache_control, $cache{$path}, 'how long');
        is($res->headers->accept_ranges, 'bytes', 'in parts, too');
        like($etag, qr/^"[^"]+"$/, 'a tag');
        ok($modified, 'a date');

        # again

        for my $ask (
            { 'If-None-Match' => $etag },
            { 'If-None-Match' => "\"other\", $etag" },
            { 'If-None-Match' => '*' },
            { 'If-None-Match' => "W/$etag" },
            { 'If-Modified-Since' => $modified },
        ) {
            my $same = get($path, $coding, $ask);

            is($same->code, 304, join ' ', 'not modified:', %$ask);
            is($same->body, '', 'no body');
            is($same->headers->etag, $etag, 'the tag again');
            is($same->headers->cache_control, $cache{$path}, 'and how long');
            like($same->headers->vary, qr/Accept-Encoding/, 'and Vary');
        }

        for my $ask ({ 'If-None-Match' => '"other"' },
                     { 'If-None-Match' => '"other"',
                       'If-Modified-Since' => $modified },
                     { 'If-Modified-Since' => 'Sun, 06 Nov 1994 08:49:37 GMT' })
        {
            is(get($path, $coding, $ask)->code, 200,
               join ' ', 'modified:', %$ask);
        }

        # parts

        my $part = get($path, $coding, { Range => 'bytes=10-19' });

        is($part->code, 206, 'a part');
        is($part->headers->content_range, "bytes 10-19/$size", 'which one');
        is($part->body, substr($res->body, 10, 10), 'of the variant');
        is(get($path, $coding, { Range => 'bytes=-5' })->body,
           substr($res->body, -5), 'the end');
        is(get($path, $coding, { Range => "bytes=$size-" })->code, 416,
           'beyond it');
        is(get($path, $coding, {
               Range => 'bytes=10-19', 'If-Range' => '"other"',
           })->code, 200, 'a part of another variant is none');

        # heads

        my $head = get($path, $coding, {}, 'HEAD');

        is($head->code, 200, 'a head');
        is($head->headers->content_length, $size, 'with the size');
        is($head->headers->etag, $etag, 'and the tag');
        is($head->body, '', 'and no body');
    }
}

$t->done;


sub get ($path, $coding, $headers = {}, $method = 'GET') {
    my $tx = $browser->transaction($method => "/chat/$path",
                                   headers => $headers);

    $tx->req->headers->accept_encoding($coding);
    $tx->res->content->auto_decompress(0);

    return $browser->ua->start($tx)->res;
}
