#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Without consent no cookie is set and nothing is written; addresses are cut;
# crawlers are counted apart; what caches may share carries no cookie.

use lib 't/lib';
use Chat;
use Chat::Visits;

my $t = Chat->new->config(<<'EOF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_track on;
    default_type text/html;
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Forwarded-For;

    map $http_x_agreed $agreed { default 0; yes 1; }
    chat_consent $agreed;

    server {
        listen 127.0.0.1:%%PORT%%;

        location / { return 200 page; }
        location /whole/ { chat_address full; return 200 page; }
        location /chat/ { chat; chat_origins https://shop.example; }

        location /shared/ { proxy_pass http://127.0.0.1:%%PORT2%%/public; }
        location /careless/ {
            auth_request /who;
            try_files /nothing @agreed;
        }
        location = /who {
            chat_consent 1;
            set $who $chat_visitor;
            return 204;
        }
        location @agreed { return 200 "page $chat_visitor"; }
        location /private/ { proxy_pass http://127.0.0.1:%%PORT2%%/private; }
        location /aged/ { expires 1h; return 200 page; }
        location /mine/ {
            add_header Cache-Control "private, max-age=60";
            return 200 page;
        }
        location /stale/ { expires 0; return 200 page; }
    }

    server {
        listen 127.0.0.1:%%PORT2%%;
        chat_track off;

        location /public {
            add_header Cache-Control "max-age=60, public";
            return 200 page;
        }
        location /private {
            add_header Cache-Control "private";
            return 200 page;
        }
    }
}
EOF

$t->start;

my $agent = $t->operator;

# no consent

my $shy = $t->browser;

for my $path ('/one', '/two') {
    is(ask($shy, $path)->headers->set_cookie, undef, 'no cookie');
}

my $visit = wait_for_visit($agent, sub { $_->{page} eq '/two' });

is($visit->{views}, 2, 'on the live list all the same');
ok(!$visit->{known}, 'as nobody in particular');

# another browser at the same address is another visitor

ask($shy, '/three', 'User-Agent' => BROWSER . ' Other');
ok(wait_for(sub { list() == 2 }), 'the hash is of the browser, too');

# crawlers: counted, and not among people

my $crawler = ask($t->browser, '/', 'X-Agreed' => 'yes',
                  'User-Agent' => 'Mozilla/5.0 (compatible; Googlebot/2.1)');

is($crawler->headers->set_cookie, undef, 'a crawler gets no cookie');
$t->raw("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

ok(wait_for(sub {
    my ($row) = visits_rows($t, 'SELECT sum(views) AS n FROM crawler_day');
    return ($row->{n} // 0) == 2;
}, 10), 'two were counted');
is(scalar list(), 2, 'and none is on the list');
is(visits_count($t, $_), 0, "no $_ so far")
    for qw(visitor visit page_view);

# consent

my $friend = $t->browser;

like(ask($friend, '/four', 'X-Agreed' => 'yes')->headers->set_cookie,
     qr/^chat_visitor=/, 'a cookie');

my @views = wait_for_views($t, 1);

is($views[0]{page}, '/four', 'is kept');

# taken back: the cookie is there, and not used for anything that is kept

ask($friend, '/five');
ask($friend, '/six', 'X-Agreed' => 'yes');

is_deeply([map { $_->{page} } wait_for_views($t, 2)], ['/four', '/six'],
          'nothing is kept without consent');

# it is asked where the page comes from, whoever was curious before

my $other = $t->browser;
my %name = ('User-Agent' => BROWSER . ' Other one');

ask($other, '/seven', %name, 'X-Agreed' => 'yes');
ask($other, '/careless/', %name);
ok(wait_for_visit($agent, sub { $_->{page} eq '/careless/' }), 'followed');
ask($other, '/eight', %name, 'X-Agreed' => 'yes');

is_deeply([map { $_->{page} } wait_for_views($t, 4)],
          ['/four', '/six', '/seven', '/eight'],
          'nothing is kept by the consent of another location');

# nor what a script of another origin reports, which has a token of its own

my $abroad = $t->browser;
my %there = (Origin => 'https://shop.example',
             'User-Agent' => BROWSER . ' Abroad');
my $token = $abroad->post('visitor/session', {}, headers => \%there)
            ->json->{token};

$there{Authorization} = "Bearer $token";

for my $agreed ('no', 'yes') {
    is($abroad->post('visitor/page', { url => "/abroad/$agreed" },
                     headers => { %there, 'X-Agreed' => $agreed })->code,
       204, 'reported');
}

is_deeply([map { $_->{page} } wait_for_views($t, 5)],
          ['/four', '/six', '/seven', '/eight', '/abroad/yes'],
          'nothing is kept of another origin without consent');

# addresses, as realip says

my %address = (
    '198.51.100.77' => [ '198.51.100.0', '198.51.100.77' ],
    '2001:db8:1234:5678::9' => [ '2001:db8:1234::',
                                 '2001:db8:1234:5678::9' ],
    '::ffff:203.0.113.9' => [ '203.0.113.0', '203.0.113.9' ],
);

my $n = 5;

for my $given (sort keys %address) {
    for my $path ('/cut', '/whole/') {
        ask($t->browser, $path, 'X-Agreed' => 'yes',
            'X-Forwarded-For' => $given);

        my $kept = (wait_for_views($t, ++$n))[-1]{address};

        is($kept, $address{$given}[$path eq '/cut' ? 0 : 1],
           "$given on $path");
    }
}

my $said = join ' ', map { join ' ', values %$_ } visits_rows($t,
    'SELECT * FROM visit WHERE entry = ?', '/cut');

unlike($said, qr/198\.51\.100\.77|5678/, 'nowhere else, either');

# what may be shared

is(ask($t->browser, $_, 'X-Agreed' => 'yes')->headers->set_cookie,
   undef, "no cookie on what caches share: $_") for '/shared/', '/aged/';
like(ask($t->browser, $_, 'X-Agreed' => 'yes')->headers->set_cookie,
     qr/chat_visitor/, "one on what they do not: $_")
    for '/private/', '/mine/', '/stale/';

# a foreign cookie is none

my $forged = $t->browser;

like(ask($forged, '/', 'X-Agreed' => 'yes',
         Cookie => 'chat_visitor=' . 'A' x 43)->headers->set_cookie,
     qr/chat_visitor=/, 'a forged cookie is replaced');

# who comes without a cookie again and again gets no more of them

my $given = 0;

for my $n (1 .. 40) {
    $given++ if ask($t->browser, '/', 'X-Agreed' => 'yes',
        'User-Agent' => BROWSER . ' Flood')->headers->set_cookie;
}

is($given, 30, 'thirty cookies a minute');
like(ask($t->browser, '/', 'X-Agreed' => 'yes',
         'User-Agent' => BROWSER . ' Else')->headers->set_cookie // '',
     qr/chat_visitor/, 'another browser gets its own');

$t->done;


sub ask ($who, $path, %headers) {
    return $who->get($path, headers => { 'User-Agent' => BROWSER, %headers });
}


sub list { visits_live($agent) }
