#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A page view is noted once its page has left: which answers are page views,
# and what is kept of one.

use lib 't/lib';
use Chat;
use Chat::Visits;

my $t = Chat->new->config(<<'EOF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_track on;
    chat_consent $http_x_consent;
    chat_country "FR, Lyon";
    default_type application/octet-stream;

    types {
        text/html html;
        text/css css;
    }

    server {
        listen 127.0.0.1:%%PORT%%;
        root %%DIR%%/site;
        error_page 404 /missing.html;

        location /chat/ { chat; }
        location /off/ { chat_track off; }
        location /if/ { chat_track $arg_track; }
        location /gone/ { return 410; }
        location /other/ { return 302 /page.html; }
        location /slow.html { limit_rate 1000; }
        location /script { default_type text/html; return 200 ok; }
    }
}
EOF

mkdir $t->dir . '/site';
mkdir $t->dir . "/site/$_" for qw(off if);

$t->write("site/$_", "<html><title>$_</title><body>hello</body></html>")
    for qw(page.html missing.html next.html style.css off/page.html
           if/page.html);

$t->write('site/slow.html', '<html>' . ' ' x 1500);
$t->start;

my $shopper = $t->browser;
my $n = 0;

# what is one

my $res = ask('/page.html?utm_source=news&token=s3cret',
              Referer => 'https://Search.example/?q=private',
              'Accept-Language' => 'fr-CH, en;q=0.5');

is($res->code, 200, 'the page');
like($res->headers->set_cookie, qr/^chat_visitor=[\w-]{43}; Path=\/;/,
     'and a cookie');
like($res->headers->set_cookie, qr/HttpOnly; SameSite=Lax/, 'of its kind');
is($res->headers->cache_control, undef, 'no word about caches');

my ($view) = wait_for_views($t, ++$n);

is($view->{page}, '/page.html?utm_source=news', 'the page, not the secrets');
is($view->{status}, 200, 'its status');
is($view->{referrer}, 'Search.example', 'where from: the host');
is($view->{language}, 'fr-CH', 'the language');
is($view->{country}, 'FR, Lyon', 'the place');
is($view->{address}, '127.0.0.0', 'a part of the address');
is($view->{device}, 1, 'a desktop');
is($view->{site}, 'default', 'the site');
ok(abs($view->{at} / 1000 - time) < 30, 'the time');

$res = ask('/next.html', Referer => $t->url('/page.html'));

is($res->headers->set_cookie, undef, 'the cookie is known');

my @views = wait_for_views($t, ++$n);

is($views[1]{visit}, $views[0]{visit}, 'one visit');
ok($views[0]{dwell} >= 0, 'so long was the first page looked at');
is($views[1]{dwell}, undef, 'the last one is not over');

# as long as $request_time has it: until all of it has left

ask('/slow.html');

my $slow = (wait_for_views($t, ++$n))[-1];

cmp_ok($slow->{took}, '>=', 400, "how long it took: $slow->{took} ms");
cmp_ok($slow->{took}, '<', 60_000, 'in milliseconds');

for my $case (
    [ '/nowhere', {}, 404, 'an error page, by internal redirect' ],
    [ '/gone/', {}, 410, 'an error of nginx' ],
    [ '/page.html', { 'Sec-Fetch-Dest' => 'document' }, 200, 'a document' ],
    [ '/next.html', { 'If-Modified-Since' => $res->headers->last_modified },
      304, 'what the browser has already' ],
    [ '/if/page.html?track=1', {}, 200, 'by a variable' ],
    [ '/script', { method => 'POST' }, 200, 'the answer to a form' ],
) {
    my ($path, $headers, $status, $name) = @$case;

    is(ask($path, %$headers)->code, $status, "$name: asked");
    @views = wait_for_views($t, ++$n);
    is($views[-1]{status}, $status, $name);
    is($views[-1]{page}, $path =~ s/\?.*//r, 'as it was asked for');
}

# what is none

for my $case (
    [ '/style.css', {}, 'a style sheet' ],
    [ '/page.html', { method => 'HEAD' }, 'a look at the head' ],
    [ '/page.html', { 'Sec-Purpose' => 'prefetch;prerender' }, 'a prefetch' ],
    [ '/page.html', { Purpose => 'prefetch' }, 'an old prefetch' ],
    [ '/page.html', { 'X-Moz' => 'prefetch' }, 'an older one' ],
    [ '/page.html', { 'Sec-Fetch-Dest' => 'iframe' }, 'a frame' ],
    [ '/page.html', { 'Sec-Fetch-Dest' => 'empty' }, 'a script' ],
    [ '/page.html', { 'X-Requested-With' => 'XMLHttpRequest' },
      'an old script' ],
    [ '/style.css', { 'If-Modified-Since' => $res->headers->last_modified,
                      Accept => 'text/css' }, 'a style sheet again' ],
    [ '/other/', {}, 'a redirect' ],
    [ '/off/page.html', {}, 'where it is off' ],
    [ '/if/page.html?track=0', {}, 'where a variable says no' ],
    [ '/chat/console/', {}, 'the console' ],
) {
    my ($path, $headers, $name) = @$case;
    ok(ask($path, %$headers)->code < 400, "$name: answered");
}

# what came before has gone the same way: it is there, and nothing else

ask('/next.html');
@views = wait_for_views($t, ++$n);

is(scalar @views, $n, 'nothing else is a page view');
is($views[-1]{page}, '/next.html', 'but the last one');

my ($visitor) = visits_rows($t, 'SELECT * FROM visitor');

is($visitor->{visits}, 1, 'all of it one visit');
is(visits_count($t, 'visitor'), 1, 'of one visitor');

$t->done;


sub ask ($path, %headers) {
    my $method = delete $headers{method} // 'GET';

    return $shopper->request($method, $path, headers => {
        'User-Agent' => BROWSER, Accept => 'text/html,*/*',
        'X-Consent' => 1, %headers,
    });
}
