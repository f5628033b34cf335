#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# What the backend says of a visitor in headers of its answers: believed where
# the site's nginx says so, and never passed on from there.  An answer from
# nginx's cache speaks of somebody else.

use lib 't/lib';
use Chat;
use Chat::Visits;

my $t = Chat->new->config(<<'EOF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    proxy_cache_path %%DIR%%/cache keys_zone=cache:1m;

    server {
        listen 127.0.0.1:%%PORT2%%;
        default_type text/html;
        expires 1h;

        add_header X-Chat-User $http_x_user;
        add_header X-Chat-Cart $http_x_cart;
        add_header X-Chat-Order $http_x_order;
        add_header X-Chat-Fact $http_x_fact;
        add_header X-Accel-Redirect $http_x_to;
        add_header X-Other kept;

        location / { return 200 page; }
    }

    server {
        listen 127.0.0.1:%%PORT%%;

        chat_track on;
        chat_consent 1;

        proxy_pass_request_headers on;
        proxy_ignore_headers Expires Cache-Control;
        proxy_hide_header Cache-Control;

        location / {
            chat_trust_headers on;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }

        location /cached/ {
            chat_trust_headers on;
            proxy_pass http://127.0.0.1:%%PORT2%%;
            proxy_cache cache;
            proxy_cache_valid 1h;
            add_header X-Cache $upstream_cache_status;
        }

        location /plain/ { proxy_pass http://127.0.0.1:%%PORT2%%; }

        location /sent/ {
            chat_trust_headers on;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }
        location /hidden/ {
            chat_trust_headers on;
            proxy_hide_header X-Chat-User;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }

        # where they may lead

        location /file/ {
            internal;
            default_type text/html;
            alias %%DIR%%/;
        }
        location /gone/ {
            internal;
            default_type text/html;
            error_page 404 = /file/page.html;
            alias %%DIR%%/none/;
        }
        location /text/ {
            internal;
            default_type text/html;
            return 200 text;
        }
        location /trusted/ {
            internal;
            chat_trust_headers on;
            default_type text/html;
            alias %%DIR%%/;
        }
        location /other/ {
            internal;
            chat_trust_headers on;
            proxy_set_header X-User $arg_user;
            proxy_set_header X-To "";
            proxy_pass http://127.0.0.1:%%PORT2%%/;
        }
        location @named {
            default_type text/html;
            root %%DIR%%;
            try_files /page.html =404;
        }
        location /chat/ { chat; }
    }
}
EOF

$t->write('page.html', '<html><body>file</body></html>');
$t->start;

my $agent = $t->operator;
my $shopper = $t->browser;
my $pages = 0;

# all of them, in one answer

my $res = page('/', user => 'id=42;name=Ada%20Lov%C3%A9;email=a@b.example',
               cart => 'amount=129.90;currency=EUR;items=3',
               order => 'id=A-1;amount=129.9;currency=EUR', fact => 'plan=gold');

is($res->code, 200, 'the page');
is($res->headers->header('X-Other'), 'kept', 'other headers are passed on');
is($res->headers->header("X-Chat-$_"), undef, "X-Chat-$_ is not")
    for qw(User Cart Order Fact);

my $visit = visit();

is_deeply($visit->{user},
          { id => '42', name => "Ada Lov\x{e9}", email => 'a@b.example' },
          'who it is');
is_deeply($visit->{cart}, { amount => '129.90', currency => 'EUR',
                            items => 3 }, 'the cart');
is_deeply($visit->{order}, { id => 'A-1', amount => '129.9',
                             currency => 'EUR' }, 'the order');
is_deeply($visit->{facts}, [{ name => 'plan', value => 'gold' }], 'a fact');
is($visit->{segment}, 'buyer', 'a buyer');

wait_for_views($t, 1);

my ($sale) = visits_rows($t, 'SELECT * FROM conversion');

is($sale->{number}, 'A-1', 'the order is kept');
is($sale->{amount}, 129_900, 'with its amount, in thousandths');

my ($visitor) = visits_rows($t, 'SELECT * FROM visitor');

is($visitor->{user}, '42', 'who it is, is kept');
is($visitor->{email}, 'a@b.example', 'with the address');

# a page that is loaded again sells nothing more

page('/again', order => 'id=A-1;amount=500', cart => 'amount=0;currency=EUR');
wait_for_views($t, 2);

is(visits_count($t, 'conversion'), 1, 'an order counts once');
is(visit()->{cart}{amount}, '0', 'a cart that was emptied');
is(visit()->{user}{id}, '42', 'what is not said again stays');

# somebody else sits down there

page('/log-out', user => 'none', cart => 'none');
wait_for_views($t, 3);
is_deeply([@{ visit() }{qw(user cart)}], [undef, undef], 'what is taken back');
is((visits_rows($t, 'SELECT user FROM visitor'))[0]{user}, '42',
   'who was there is kept');
page('/log-in', user => 'id=42', cart => 'amount=0;currency=EUR');
wait_for_views($t, 4);
is_deeply(visit()->{user}, { id => '42' }, 'without the name of before');

# what is malformed is not believed in part, and goes all the same

for my $wrong ('name=Eve', 'id=', 'id=1;id=2', 'id=1;age=7', 'id=%zz',
               'id=1;email=nobody', 'id=%0a1', 'x' x 1100)
{
    $res = page('/wrong', user => $wrong);
    is($res->headers->header('X-Chat-User'), undef, 'removed');
    is(visit()->{user}{id}, '42', 'not believed: ' . substr $wrong, 0, 20);
}

for my $wrong ('amount=-1;currency=EUR', 'amount=1,5;currency=EUR',
               'amount=1;currency=euro', 'amount=1')
{
    page('/wrong', cart => $wrong);
    is(visit()->{cart}{amount}, '0', "not believed: $wrong");
}

ok($t->wait_for_log(qr/malformed header of trusted facts/), 'and said so');
unlike($t->log, qr/trusted facts.*(?:Eve|nobody)/, 'without names');

# where it is not said, nothing is read, and nothing is taken away

$res = page('/plain/', user => 'id=77');
is($res->headers->header('X-Chat-User'), 'id=77', 'passed on');
is(visit()->{user}{id}, '42', 'not believed');

# a backend that lets nginx answer in its place says who it is, too

for my $to (qw(/file/page.html /gone/page.html /text/ @named /trusted/page.html
               /other/))
{
    my $user = 100 + length $to;

    $res = page('/sent/', user => "id=$user", to => $to);
    is($res->code, 200, "led to $to");
    is($res->headers->header('X-Chat-User'), undef, 'nothing is passed on');
    is(visit()->{user}{id}, $user, 'believed');
}

page('/sent/', user => 'id=1', to => '/other/?user=none');
is(visit()->{user}, undef, 'a later one has the last word');

# but not one that is not trusted, wherever it leads, nor what is hidden

page('/', user => 'id=42');

for my $to (qw(/file/page.html /trusted/page.html /other/ /text/)) {
    page('/plain/', user => 'id=77', to => $to);
    is(visit()->{user}{id}, '42', "not trusted: $to");
}

page('/hidden/', user => 'id=78', to => '/file/page.html');
is(visit()->{user}{id}, '42', 'hidden');

# nginx's cache: the first one's facts are not the second one's

my $first = $t->browser;
my $url = '/cached/';

$res = ask($first, $url, 'X-User' => 'id=7');
is($res->headers->header('X-Cache'), 'MISS', 'into the cache');
is($res->headers->header('X-Chat-User'), undef, 'removed');
like($res->headers->set_cookie // '', qr/chat_visitor/, 'with a cookie');

my $second = $t->browser;

$res = ask($second, $url, 'X-User' => 'id=8');
is($res->headers->header('X-Cache'), 'HIT', 'from the cache');
is($res->headers->header('X-Chat-User'), undef, 'removed as well');

my %cookie = map { $_ => ($_->ua->cookie_jar->all->[0] // die)->value }
             $first, $second;

isnt($cookie{$first}, $cookie{$second}, 'a cookie of its own');

ok(wait_for(sub { visits_live($agent) == 3 }), 'three visitors');

my @users = map { $_->{user} ? $_->{user}{id} : '' } visits_live($agent);

is_deeply([sort @users], ['', '42', '7'], 'the second one is nobody');

$t->done;


sub page ($path, %says) {
    $pages++;

    return ask($shopper, $path, map { ("X-\u$_" => $says{$_}) } keys %says);
}


# The backend says of somebody what it is told to.

sub ask ($who, $path, %says) {
    return $who->get($path, headers => { 'User-Agent' => BROWSER, %says });
}


# that of the shopper, with all pages so far

sub visit { wait_for_visit($agent, sub { $_->{views} == $pages }) }
