#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Only the built files are served, by their names: nothing beside them, above
# them, or hidden among them, however it is spelt.

use lib 't/lib';
use Chat;

my $t = Chat->new->config(<<'CONF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; chat_assets %%DIR%%/static; }
        location /deep/er/ { chat; chat_assets %%DIR%%/static; }
    }

    server {
        listen 127.0.0.1:%%PORT2%%;

        location / { chat; chat_assets %%DIR%%/static; }
    }

    server {
        listen 127.0.0.1:%%PORT3%%;

        merge_slashes off;

        location /chat/ { chat; chat_assets %%DIR%%/static; }
    }
}
CONF

mkdir $t->dir . "/static$_"
    for '', '/w', '/w/folder', '/console', '/console/assets', '/other';

$t->write("static/$_", 'secret')
    for qw(manifest.json other/a.js w/.hidden w/folder/.hidden console/a.js
           console/index.html.br loader.js.br);
$t->write('secret', 'secret');
$t->write("static/$_", 'fine')
    for qw(loader.js w/a.js w/folder/a.js console/index.html
           console/assets/a.js);
symlink $t->dir . '/static/w/a.js', $t->dir . '/static/w/link.js' or die $!;

$t->start;

my $browser = $t->browser;

for my $path (qw(loader.js w/a.js w/folder/a.js w/link.js console/
                 console/assets/a.js w/%61.js w//a.js w/x/../a.js),
              'w/a.js?query=/../..', 'w/a.js#fragment')
{
    is(get($path)->body, 'fine', $path);
}

for my $path (
    qw(manifest.json other/a.js w/.hidden w/folder/.hidden console/a.js
       console/index.html.br loader.js.br loader.jsx loader.js/ loader w
       w/ w/folder w/folder/ w/a.js/ w/a.js/a.js w/none.js console/assets
       console/assets/ console/none console/assets/none.js Loader.js
       w/..%2fmanifest.json w/%2e%2e/manifest.json w/%2e%2e%2fmanifest.json
       w/../manifest.json w/../../secret w/..%5c..%5csecret w/a.js%20
       w/a.js%0a w/a%00.js w/a.js%00 w/a.js~ w/a.js;x w/a.js. w/%ff.js
       w/%252e%252e/secret w/\\..\\..\\secret w/....//secret),
    'w/' . 'x' x 300 . '.js', 'w/' . 'x/' x 2000 . 'a.js',
) {
    my $answer = $t->raw("GET /chat/$path HTTP/1.1\r\nHost: a\r\n"
                         . "Connection: close\r\n\r\n");

    like($answer, qr{^HTTP/1\.1 (?:404|400) }, 'not there: '
         . substr $path, 0, 40);
    unlike($answer, qr/secret/, 'and nothing of it');
}

# without the merging of slashes, and at the root

for my $path ('/chat//w/a.js', '/chat/w//a.js', '/chat/w/..//../secret',
              '/chat///etc/passwd')
{
    my $answer = $t->raw("GET $path HTTP/1.1\r\nHost: a\r\n"
                         . "Connection: close\r\n\r\n", port => $t->port(3));

    unlike($answer, qr/secret|root:/, "$path: nothing of it");
}

is($browser->get('/w/a.js', port => $t->port(2))->body, 'fine',
   'the chat may be all there is');
is($browser->get('/secret', port => $t->port(2))->code, 404, 'and no more');

# the way in

for my $case (
    ['/chat/', '/chat/console/'], ['/chat/console', '/chat/console/'],
    ['/deep/er/', '/deep/er/console/'], ['/chat/?x=1', '/chat/console/'],
) {
    my ($from, $to) = @$case;
    my $res = $browser->get($from);

    is($res->code, 302, "$from leads to the console");
    is($res->headers->location, $to, 'on any host');
}

is($browser->get('/', port => $t->port(2))->headers->location, '/console/',
   'at the root, too');

# methods

for my $method (qw(POST PUT DELETE OPTIONS PATCH)) {
    for my $path ('loader.js', 'console/', 'none', '') {
        my $res = $browser->request($method => "/chat/$path", body => 'x');

        is($res->code, 405, "$method $path");
        is($res->headers->allow, 'GET, HEAD', 'what may be');
    }
}

# a body where none belongs does not stay in the connection

my $both = $t->raw("GET /chat/loader.js HTTP/1.1\r\nHost: a\r\n"
                   . "Content-Length: 5\r\n\r\nGET /"
                   . "GET /chat/w/a.js HTTP/1.1\r\nHost: a\r\n"
                   . "Connection: close\r\n\r\n");

is(scalar(() = $both =~ m{HTTP/1\.1 200 }g), 2, 'two answers');
is(scalar(() = $both =~ /\nfine/g), 2, 'with two bodies');

# a file that can't be read is our own fault

SKIP: {
    skip 'root reads everything', 2 if $t->user eq 'root';

    chmod 0, $t->dir . '/static/w/a.js';

    is(get('w/a.js')->code, 500, 'a file that nobody may read');
    like($t->log, qr/\[error\].*open\(\).*w\/a\.js.*failed/,
         'is named in the log');
}

$t->done;


sub get ($path) { $browser->get("/chat/$path") }
