#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# "chat_widget" on pages that are put together of subrequests: the page as a
# whole gets the chat, its parts don't.

use lib 't/lib';
use Chat;
use Pages qw(page chats without backend);

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
        ssi on;
        sendfile on;

        location / { }
        location /chat/ { chat; }
        location /parts/ { ssi off; }
        location /slow/ { proxy_pass http://127.0.0.1:%%PORT2%%; }

        location /asked/ {
            alias %%DIR%%/site/;
            auth_request /auth;
        }

        location = /auth {
            internal;
            default_type text/html;
            return 200 "<html><body></body></html>";
        }

        location /mirrored/ {
            alias %%DIR%%/site/;
            mirror /auth;
        }
    }
}
EOF

my %site = (
    'whole.html'     => '<html><body>a<!--#include virtual="/parts/x.html" -->'
                        . 'b</body></html>',
    'foot.html'      => '<!--#include virtual="/parts/head.html" -->a'
                        . '<!--#include virtual="/parts/foot.html" -->',
    'middle.html'    => '<html><body>a</bo'
                        . '<!--#include virtual="/parts/rest.html" -->b',
    'slow.html'      => '<html><body><!--#include virtual="/slow/1" -->'
                        . '<!--#include virtual="/parts/x.html" -->'
                        . '<!--#include virtual="/slow/2" --></body>',
    'script.html'    => '<body><script>"'
                        . '<!--#include virtual="/parts/foot.html" -->"'
                        . '</script></body>',
    'parts/x.html'   => '<p>x</p>',
    'parts/head.html' => '<!doctype html><body>',
    'parts/foot.html' => "</body></html>\n",
    'parts/rest.html' => 'dy>',
);

mkdir $t->dir . $_ for '/site', '/site/parts';
$t->write("site/$_", $site{$_}) for keys %site;

# what comes second is asked for at once, too, and answered first

my $first;

my $backend = backend($t, 2, sub ($head, $socket) {
    my ($n) = $head =~ m{/slow/(\d)};

    $socket->syswrite("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<b>");

    if ($n == 1) {
        $first = $socket;
        return;
    }

    $socket->syswrite("$n</b>");
    $socket->close;

    $first->syswrite('1</b>');
    $first->close;
});

$t->start;

my %expected = (
    'whole.html'  => '<html><body>a<p>x</p>b[+]</body></html>',
    'foot.html'   => "<!doctype html><body>a[+]</body></html>\n",
    'middle.html' => '<html><body>a[+]</body>b',
    'slow.html'   => '<html><body><b>1</b><p>x</p><b>2</b>[+]</body>',
    'script.html' => qq{<body><script>"</body></html>\n"</script>[+]</body>},
    'asked/whole.html'    => '<html><body>a<p>x</p>b[+]</body></html>',
    'mirrored/whole.html' => '<html><body>a<p>x</p>b[+]</body></html>',
);

for my $path (sort keys %expected) {
    my $body = page($t->url("/$path"))->body;

    is(chats($body), 1, "$path: once");
    is($body =~ s/$Pages::element/[+]/r, $expected{$path},
       "$path: in its place");
}

# a part by itself is a page or a fragment like any other

is(chats(page($t->url('/parts/x.html'))->body), 0, 'a fragment');
is(chats(page($t->url('/parts/head.html'))->body), 1, 'a document');

$t->done;
