#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# "chat_widget" on pages that are files: where the element goes, what is left
# alone, and what the head says then.

use lib 't/lib';
use Chat;
use Encode qw(encode);
use Pages qw(page chats without);

my $t = Chat->new(workers => 1)->config(<<'EOF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    types { text/html html; text/css css; application/xhtml+xml xhtml; }
    root %%DIR%%/site;

    map $arg_widget $widget {
        default  $arg_widget;
        empty    "";
    }

    server {
        listen 127.0.0.1:%%PORT%%;

        chat_widget on;

        location / { }
        location /chat/ { chat; }
        location /off/ { chat_widget off; alias %%DIR%%/site/; }
        location /variable/ { chat_widget $widget; alias %%DIR%%/site/; }

        location /if/ {
            alias %%DIR%%/site/;

            if ($arg_off) { chat_widget off; }
        }

        location /nonce/ {
            alias %%DIR%%/site/;
            chat_nonce $arg_nonce;
        }

        location /pieces/ {
            alias %%DIR%%/site/;
            output_buffers 1 3;
        }

        location /no-transform/ {
            alias %%DIR%%/site/;
            add_header Cache-Control "max-age=60, No-Transform";
        }

        location /wide/ {
            alias %%DIR%%/site/;
            default_type "text/html; charset=UTF-16";
            types { }
        }

        location /latin/ {
            alias %%DIR%%/site/;
            charset iso-8859-1;
        }

        location /sendfile/ {
            alias %%DIR%%/site/;
            sendfile on;
            tcp_nopush on;
        }

        location /gzip/ {
            alias %%DIR%%/site/;
            gzip on;
            gzip_min_length 1;
        }

        location /sub/ {
            alias %%DIR%%/site/;
            sub_filter "<!--end-->" "</body>";
        }
    }
}
EOF

my $plain = "<!doctype html>\n<title>a</title>\n<body><p>a</body>\n";
my $long = "<html><body>\n" . "<p class='x'>some text &amp; more</p>\n" x 6000
           . "</body></html>\n";

my %site = (
    'index.html'    => $plain,
    'long.html'     => $long,
    'upper.html'    => "<HTML><BODY>a</BODY \n></HTML>",
    'quoted.html'   => "<!-- </body> --><script>'</body>'</script>"
                       . '<p title="</body>">a</p><!--end--></body>',
    'open.html'     => "<html><p>a",
    'fragment.html' => "<li>a</li>",
    'empty.html'    => '',
    'hand.html'     => '<body><script src="/chat/loader.js" async></script>'
                       . '</body>',
    'page.css'      => '/* </body> */',
    'page.xhtml'    => '<html><body></body></html>',
    'wide'          => encode('UTF-16', '<html><body></body></html>'),
    'later.html'    => '<html><p>a<!--end-->',
);

mkdir $t->dir . '/site';
# written just now, and on: what is found in them is not kept

utime time + 600, time + 600, $t->write("site/$_", $site{$_}) for keys %site;
$t->start;

# the place

my $res = page($t->url('/'));

is($res->code, 200, 'a page');
is(chats($res->body), 1, 'has the chat');
is(without($res->body), $plain, 'and nothing else is changed');
like($res->body, qr{<p>a<script[^>]*></script></body>\n\z}, 'at its end');
like($res->body,
     qr/ data-chat='\{"at":\d+,"available":false,"offline":"show"\}'>/,
     'with what it has to know');

for my $case (
    ['/long.html' => qr{</p>\n<script[^>]*></script></body></html>\n\z}],
    ['/upper.html' => qr{a<script[^>]*></script></BODY \n></HTML>\z}],
    ['/quoted.html' =>
     qr{</p><!--end--><script[^>]*></script></body>\z}],
    ['/open.html' => qr{<html><p>a<script[^>]*></script>\z}],
) {
    my ($path, $expected) = @$case;
    my ($name) = $path =~ m{([^/]+)$};

    for my $in ('', '/pieces', '/sendfile', '/latin') {
        $res = page($t->url("$in$path"));

        is(chats($res->body), 1, "$in$path: once");
        ok(without($res->body) eq $site{$name}, "$in$path: as it was");
        like(substr($res->body, -200), qr/$expected/, "$in$path: in its place");
    }
}

# what other filters do with the page comes before, what gzip does after

$res = page($t->url('/sub/later.html'));

like($res->body, qr{a<script[^>]*></script></body>\z}, 'after sub_filter');

$res = page($t->url('/gzip/index.html'), 'Accept-Encoding' => 'gzip');

is(chats($res->body), 1, 'before gzip');
like($t->raw("GET /gzip/ HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n"
             . "Connection: close\r\n\r\n"),
     qr/Content-Encoding: gzip/, 'which did compress it');

# what is left alone

for my $path ('/off/', '/fragment.html', '/page.css',
              '/page.xhtml', '/empty.html', '/no-transform/', '/wide/wide',
              '/pieces/fragment.html', '/chat/console/')
{
    is(chats(page($t->url($path))->body), 0, "$path: none");
}

for my $path ('/hand.html', '/pieces/hand.html') {
    is(page($t->url($path))->body, $site{'hand.html'}, "$path: not twice");
}

is(page($t->url('/fragment.html'))->body, $site{'fragment.html'},
   'a fragment is as it was');
is(page($t->url('/empty.html'))->headers->content_length, 0,
   'nothing stays nothing');
is(page($t->url('/page.css'))->headers->accept_ranges, 'bytes',
   'what is no page keeps its head');
is(page($t->url('/wide/wide'))->body, $site{wide}, 'UTF-16 is as it was');

# who asks

my %asks = (
    'Sec-Fetch-Dest: document' => 1, 'Sec-Fetch-Dest: empty' => 0,
    'Sec-Fetch-Dest: iframe' => 0, 'X-Requested-With: XMLHttpRequest' => 0,
    'X-Requested-With: org.example.app' => 1,
);

for my $line (sort keys %asks) {
    is(chats(page($t->url('/'), split /: /, $line)->body), $asks{$line},
       $line);
}

# the switch

my %values = (on => 1, 1 => 1, yes => 1, 0 => 0, off => 0,
              empty => 0);

for my $value (sort keys %values) {
    is(chats(page($t->url("/variable/?widget=$value"))->body),
       $values{$value}, "a variable of \"$value\"");
}

is(chats(page($t->url('/if/'))->body), 1, 'beside "if"');
is(chats(page($t->url('/if/?off=1'))->body), 0, 'within "if"');

# the nonce, which may be anything

like(page($t->url('/nonce/?nonce=abC1+/='))->body,
     qr{<script src="/chat/loader.js" async nonce="abC1\+/=" data-chat='},
     'a nonce');
like($t->raw("GET /nonce/?nonce=\"'><script> HTTP/1.0\r\n\r\n"),
     qr{async nonce="&\#34;&\#39;&gt;&lt;script&gt;" data-chat='},
     'that breaks out of nothing');
unlike(page($t->url('/nonce/'))->body, qr/nonce/, 'none is no attribute');

# the head

my $tag = page($t->url('/off/'))->headers->etag;
my $head = page($t->url('/'))->headers;

is($head->etag, "W/$tag", 'the tag is weak now');
is($head->last_modified, page($t->url('/off/'))->headers->last_modified,
   'the time is the same');
is($head->accept_ranges, undef, 'there are no ranges');

# the library counts what came in chunks

my $raw = $t->raw("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

unlike($raw, qr/^Content-Length:/mi, 'the length is not known');
like($raw, qr/^Transfer-Encoding: chunked\r$/m, 'so it comes in chunks');

$res = page($t->url('/'), -method => 'HEAD');

is($res->code, 200, 'HEAD');
is($res->body, '', 'has no body');
is($res->headers->content_length, undef, 'nor a length');
is($res->headers->$_, $head->$_, "and $_ of GET")
    for qw(etag last_modified accept_ranges content_type);

for my $given ("W/$tag", $tag) {
    $res = page($t->url('/'), 'If-None-Match' => $given);

    is($res->code, 304, "$given is what the browser has");
    is($res->body, '', 'and nothing more');
}

$res = page($t->url('/'), 'If-Modified-Since' => $head->last_modified);

is($res->code, 304, 'so is the time');

$res = page($t->url('/'), Range => 'bytes=0-9');

is($res->code, 200, 'a range is not given');
is(chats($res->body), 1, 'but the page');

$res = page($t->url('/off/'), Range => 'bytes=0-9');

is($res->code, 206, 'where there is no widget, it is');

# a connection that stays, and HTTP/1.0, which knows no chunks

my $two = $t->raw("GET /upper.html HTTP/1.1\r\nHost: a\r\n\r\n"
                  . "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
                  . "GET /upper.html HTTP/1.1\r\nHost: a\r\n"
                  . "Connection: close\r\n\r\n");

is(scalar(() = $two =~ m{^HTTP/1\.1 200 OK\r$}mg), 3, 'three answers');
is(chats($two), 2, 'of which two have a body');

my $old = $t->raw("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

like($old, qr{\AHTTP/1\.1 200 OK\r\n.*</script></body>\n\z}s, 'HTTP/1.0');
like($old, qr/^Connection: close\r$/m, 'ends with the connection');
unlike($old, qr/^Transfer-Encoding/m, 'and has no chunks');

like($t->raw("GET /\r\n"), qr{\A<!doctype.*</script></body>\n\z}s,
     'HTTP/0.9');

$t->done;
