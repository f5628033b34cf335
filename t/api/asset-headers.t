#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The widget's files may be used by pages of any origin, the console's by its
# own page only, which runs under a strict policy.  Types need no mime.types.

use lib 't/lib';
use Chat;

my $t = Chat->new->config(<<'CONF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    # neither of these is to change what the module says of its files

    types { text/x-wrong js css html svg; }
    default_type text/x-wrong;
    charset koi8-r;

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; chat_assets %%DIR%%/static; }
    }
}
CONF

mkdir $t->dir . "/static$_" for '', '/w', '/console', '/console/assets';

my %type = (
    'a.js' => 'text/javascript; charset=utf-8',
    'a.css' => 'text/css; charset=utf-8',
    'a.html' => 'text/html; charset=utf-8',
    'a.json' => 'application/json',
    'a.js.map' => 'application/json',
    'a.svg' => 'image/svg+xml',
    'a.png' => 'image/png',
    'a.ico' => 'image/x-icon',
    'a.webmanifest' => 'application/manifest+json',
    'a.unknown' => 'application/octet-stream',
    'a' => 'application/octet-stream',
    'js' => 'application/octet-stream',
);

$t->write("static/w/$_", 'x'), $t->write("static/console/assets/$_", 'x')
    for keys %type;

$t->write('static/loader.js', 'x');
$t->write('static/console/index.html', 'x');
$t->start;

my $browser = $t->browser;

for my $name (sort keys %type) {
    for my $folder ('w', 'console/assets') {
        my $res = $browser->get("/chat/$folder/$name");

        is($res->code, 200, "$folder/$name");
        is($res->headers->content_type, $type{$name}, 'its type');
        is($res->headers->header('X-Content-Type-Options'), 'nosniff',
           'and no other');
    }
}

# the widget's

for my $path ('loader.js', 'w/a.js') {
    my $headers = $browser->get("/chat/$path")->headers;

    is($headers->access_control_allow_origin, '*', "$path: for any page");
    is($headers->header('Cross-Origin-Resource-Policy'), 'cross-origin',
       'also for one that is isolated');
    is($headers->header('Content-Security-Policy'), undef,
       'the page\'s own policy counts');
    is($headers->set_cookie, undef, 'no cookie');
}

# the console's

for my $path ('console/', 'console/assets/a.js') {
    my $headers = $browser->get("/chat/$path")->headers;
    my %policy = map { /^(\S+)(?: (.*))?$/ ? ($1 => $2) : () }
                 split /; /, $headers->header('Content-Security-Policy') // '';

    is($policy{'default-src'}, "'none'", "$path: nothing but what is named");
    is($policy{'script-src'}, "'self'", 'scripts of its own');
    is($policy{'connect-src'}, "'self'", 'connections to itself');
    is($policy{'frame-ancestors'}, "'none'", 'in nobody\'s frame');
    is($policy{'base-uri'}, "'none'", 'no other base');
    is($policy{'require-trusted-types-for'}, "'script'", 'no markup from text');
    unlike(join(' ', %policy), qr/unsafe|\*|https?:/, 'and no way around');

    is($headers->access_control_allow_origin, undef, 'for no other page');
    is($headers->header('Cross-Origin-Resource-Policy'), 'same-origin',
       'in no other page');
    is($headers->header('Cross-Origin-Opener-Policy'), 'same-origin',
       'nor beside one');
    is($headers->header('X-Frame-Options'), 'DENY', 'in no old frame');
    is($headers->header('Referrer-Policy'), 'no-referrer', 'and tells nobody');
}

# the type of the page is the console's, whatever its address says

is($browser->get('/chat/console/')->headers->content_type,
   'text/html; charset=utf-8', 'the console is a page');

$t->done;
