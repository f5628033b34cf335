#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# However a page comes about, it is one page view, of the address that was
# asked for, with what the backend says of its visitor: by try_files, index,
# rewrite, error_page, X-Accel-Redirect, subrequests; over HTTP/1.0, HTTP/2,
# IPv6 and a network of caches; by FastCGI; empty, compressed, in parts.

use lib 't/lib';
use Chat;
use Chat::Visits;
use IO::Compress::Gzip qw(gzip);
use Pages qw(backend fastcgi);

my $t = Chat->new(tls => 0)->config(<<'EOF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    chat_track on;
    chat_trust_headers on;
    chat_consent 1;
    chat_address full;
    log_subrequest on;

    types { text/html html; }
    default_type application/octet-stream;

    server {
        listen 127.0.0.1:%%PORT%%;
        listen 127.0.0.1:%%PORT4%% ssl http2;
        listen [::1]:%%PORT5%%;
        %%CERT%%

        root %%DIR%%/site;
        proxy_http_version 1.1;

        set_real_ip_from 127.0.0.1;
        real_ip_header X-Real-IP;

        location / { }
        location /chat/ { chat; }

        location /try/ { try_files $uri $uri.html /page.html; }
        location /named/ { try_files $uri @backend; }
        location /rewrite/ { rewrite ^ /page.html last; }
        location /break/ { rewrite ^ /page.html break; }
        location /error/ { error_page 404 /missing.html; }
        location /error-named/ { error_page 404 = @backend; }

        location /error-code/ {
            error_page 403 =200 /page.html;
            deny all;
        }

        location /ssi/ { ssi on; alias %%DIR%%/site/; }
        location /asked/ { auth_request /auth; alias %%DIR%%/site/; }
        location /mirrored/ { mirror /auth; alias %%DIR%%/site/; }

        location = /auth {
            internal;
            default_type text/html;
            return 200 ok;
        }

        location /own/ {
            proxy_intercept_errors on;
            error_page 500 /missing.html;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }

        location /internal/ { internal; alias %%DIR%%/site/; }
        location /up/ { proxy_pass http://127.0.0.1:%%PORT2%%; }
        location /gunzip/ {
            gunzip on;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }

        location /fastcgi/ {
            fastcgi_param SCRIPT_NAME $uri;
            fastcgi_pass 127.0.0.1:%%PORT3%%;
        }

        location @backend { proxy_pass http://127.0.0.1:%%PORT2%%; }

        location = /cdn/page {
            set_real_ip_from 127.0.0.1;
            real_ip_header CF-Connecting-IP;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }
    }
}
EOF

my %site = (
    'index.html'      => '<html><title>Index</title>',
    'page.html'       => '<html><title>Page</title>',
    'missing.html'    => '<html><title>Missing</title>',
    'try/there.html'  => '<html><title>There</title>',
    'deep/index.html' => '<html><title>Deep</title>',
    'parts.html'      => '<html><!--# include virtual="/up/part" -->'
                         . '<!--# include virtual="/page.html" -->',
);

mkdir $t->dir . $_ for '/site', '/site/try', '/site/deep';
$t->write("site/$_", $site{$_}) for keys %site;

gzip(\'<html><title>Small</title>' => \my $packed);

my $type = 'Content-Type: text/html';
my $user = 'X-Chat-User: id=7';

my %answers = (
    page    => [ '200 OK', [ $type, $user, 'Content-Length: 6' ], '<html>' ],
    part    => [ '200 OK', [ $type, 'X-Chat-User: id=999',
                             'Content-Length: 6' ], '<html>' ],
    empty   => [ '200 OK', [ $type, $user, 'Content-Length: 0' ], '' ],
    nothing => [ '204 No Content', [ $type, $user ], '' ],
    close   => [ '200 OK', [ $type, $user ], '<html>' ],
    packed  => [ '200 OK', [ $type, $user, 'Content-Encoding: gzip',
                             'Content-Length: ' . length $packed ], $packed ],
    range   => [ '206 Partial Content',
                 [ $type, $user, 'Content-Range: bytes 0-5/9',
                   'Content-Length: 6' ], '<html>' ],
    broken  => [ '500 Oh', [ $type, $user, 'Content-Length: 2' ], 'oh' ],
    teapot  => [ '418 Tea', [ $type, $user, 'Content-Length: 3' ], 'tea' ],
    short   => [ '200 OK', [ $type, $user, 'Content-Length: 99' ], '<html>' ],
    accel   => [ '200 OK', [ $user,
                             'X-Accel-Redirect: /internal/page.html' ], '' ],
    data    => [ '200 OK', [ 'Content-Type: application/json', $user,
                             'Content-Length: 2' ], '{}' ],
);

my $backend = backend($t, 2, sub ($head, $socket) {
    my ($name) = $head =~ m{^\S+ /(?:\S*/)?(\w+)};
    my ($status, $lines, $body) = @{ $answers{ $name // '' }
                                     // $answers{page} };

    $socket->syswrite(join "\r\n", "HTTP/1.1 $status", @$lines,
                      'Connection: close', '', $head =~ /^HEAD/ ? '' : $body);
});

my $script = fastcgi($t, 3, sub ($params) {
    return "$type\r\n$user\r\n\r\n", '<html>' if $params =~ m{/page};
    return "Status: 404 Not Found\r\n$type\r\n$user\r\n\r\n";
});

$t->start;

my $agent = $t->operator;
my $n = 0;

# each by somebody new: the page that was asked for, its status, who it was

for my $case (
    [ '/'                  => 200, '' ],
    [ '/index.html'        => 200, '' ],
    [ '/deep/'             => 200, '' ],
    [ '/try/there'         => 200, '' ],
    [ '/try/else'          => 200, '' ],
    [ '/named/page'        => 200, 7 ],
    [ '/rewrite/it'        => 200, '' ],
    [ '/break/it'          => 200, '' ],
    [ '/error/it'          => 404, '' ],
    [ '/error-named/page'  => 200, 7 ],
    [ '/error-code/it'     => 200, '' ],
    [ '/ssi/parts.html'    => 200, '' ],
    [ '/asked/page.html'   => 200, '' ],
    [ '/mirrored/page.html' => 200, '' ],
    [ '/up/page'           => 200, 7 ],
    [ '/up/close'          => 200, 7 ],
    [ '/up/empty'          => 200, 7 ],
    [ '/up/packed'         => 200, 7 ],
    [ '/gunzip/packed'     => 200, 7 ],
    [ '/up/broken'         => 500, 7 ],
    [ '/own/broken'        => 500, '' ],
    [ '/up/teapot'         => 418, 7 ],
    [ '/up/accel'          => 200, 7 ],
    [ '/fastcgi/page'      => 200, 7 ],
    [ '/fastcgi/none'      => 404, 7 ],
) {
    my ($path, $status, $id) = @$case;
    my $res = ask($path);
    my $visit = visit($path);

    is($res->code, $status, "$path: answered");
    is($visit->{page}, $path, 'as it was asked for');
    is($visit->{status}, $status, 'with its status');
    is($visit->{views}, 1, 'once');
    is($visit->{user} ? $visit->{user}{id} : '', $id, 'who it is');
    is($res->headers->header('X-Chat-User'), undef, 'and no word of it');
}

my $pages = $n;

is((wait_for_views($t, $pages))[-1]{page}, '/fastcgi/none', 'all are kept');

# a page that breaks off was looked at, as far as it came

eval { ask('/up/short') };
is(visit('/up/short')->{user}{id}, 7, 'a page that breaks off');

# what is none, and says nothing of anybody

for my $path ('/up/nothing', '/up/range', '/up/data') {
    my $res = ask($path);

    ok($res->code < 300, "$path: answered");
    is($res->headers->header('X-Chat-User'), undef, 'without the header');
}

is(ask('/up/page', method => 'HEAD')->headers->header('X-Chat-User'), undef,
   'nor has HEAD it');

# other ways to ask

like($t->raw("GET /up/page HTTP/1.0\r\nUser-Agent: " . BROWSER . " 1.0\r\n\r\n"),
     qr{\AHTTP/1\.1 200 (?!.*X-Chat-User).*<html>\z}s, 'HTTP/1.0');
is(by(sub { !$_->{host} })->{user}{id}, 7, 'followed without a host');

my @h2 = $t->curl('--http2', '-s', '-i', '-A', BROWSER . ' h2',
                  'https://127.0.0.1:' . $t->port(4) . '/up/page');

like($h2[1], qr{\AHTTP/2 200 }, 'HTTP/2');
unlike($h2[1], qr/x-chat-user/i, 'without the header');

my @views = wait_for_views($t, $pages + 3);

# each is written with those of its worker, in whichever order

is_deeply([sort map { $_->{page} } @views[$pages .. $#views]],
          ['/up/page', '/up/page', '/up/short'], 'both are views');

my $six = $t->curl('-o', '/dev/null', '-w', '%{http_code}', '-A',
                   BROWSER . ' six', 'http://[::1]:' . $t->port(5)
                   . '/up/close');

is($six, 200, 'IPv6');

ok(wait_for(sub {
    (visits_rows($t, "SELECT 1 FROM visit WHERE address = '::1'"))[0];
}, 10), 'with its address');

# a network of caches in front says who asks

for my $case (
    [ '/up/page', 'X-Real-IP', '198.51.100.7' ],
    [ '/up/page', 'X-Real-IP', '2001:db8::7' ],
    [ '/cdn/page', 'CF-Connecting-IP', '203.0.113.9' ],
) {
    my ($path, $header, $address) = @$case;

    ask($path, $header => $address);
    ok(wait_for(sub {
        (visits_rows($t, 'SELECT 1 FROM visit WHERE address = ?',
                     $address))[0];
    }, 10), "$header: $address");
}

is(visits_count($t), $pages + 7, 'nothing was counted twice');

$t->done;


sub ask ($path, %headers) {
    my $method = delete $headers{method} // 'GET';

    $n++;

    return $t->browser->request($method, $path, headers => {
        'User-Agent' => BROWSER . " $n", %headers,
    });
}


sub visit ($path) { by(sub { $_->{page} eq $path }) }
sub by ($is) { wait_for_visit($agent, $is) }
