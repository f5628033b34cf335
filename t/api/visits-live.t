#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Operators see who is on the site: at once in the list, within a second by
# events, with or without a cookie, and with the conversation.

use lib 't/lib';
use Chat;
use Chat::Visits;

use Time::HiRes ();

my $t = Chat->new->config(<<'EOF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_track on;

    server {
        listen 127.0.0.1:%%PORT%%;

        location / { default_type text/html; return 200 page; }
        location /chat/ { chat; }
    }
}
EOF

$t->start;

my $agent = $t->operator;
my $stream = $agent->stream;

my $res = $agent->get('operator/visits');

is($res->code, 200, 'the list');
is_deeply($res->json->{visits}, [], 'nobody is there');

# without a cookie: by a hash, in memory

my $shopper = browser('Mozilla/5.0 (iPhone) Safari/605.1');

my $before = now();

$shopper->get('/shoes?secret=1', headers => {
    Referer => 'https://search.example/', 'Accept-Language' => 'de',
});

my $visit = wait_for_visit($agent, sub { 1 });

is($visit->{page}, '/shoes', 'the page');
is($visit->{referrer}, 'search.example', 'where from');
is($visit->{language}, 'de', 'the language');
is($visit->{device}, 'phone', 'the device');
is($visit->{browser}, 'Safari', 'the browser');
is($visit->{views}, 1, 'one page');
is($visit->{segment}, 'new', 'new, as far as one can tell');
ok(!$visit->{known}, 'not known by a token');
is($visit->{host}, '127.0.0.1', 'the host');

ok(heard(sub { $_->{id} eq $visit->{id} && $_->{page} eq '/shoes' }),
   'operators hear of it');

my $since = $visit->{started_at};

ok($since >= $before && $since <= now(), 'there since the first page');

$shopper->get('/boots');

$visit = wait_for_visit($agent, sub { $_->{page} eq '/boots' });

is($visit->{views}, 2, 'the same visitor');
is($visit->{page}, '/boots', 'on another page');
ok(heard(sub { $_->{page} eq '/boots' && $_->{views} == 2 }),
   'operators hear of that');
is($visit->{started_at}, $since, 'there since the same time');
cmp_ok($visit->{page_at}, '>=', $since, 'but not on the same page');

my $one = $agent->get("operator/visits/$visit->{id}");

is($one->code, 200, 'one visit');
is_deeply([map { $_->{page} } @{ $one->json->{visit}{pages} }],
          ['/shoes', '/boots'], 'with its way');
is($one->json->{visit}{entry}, '/shoes', 'and how it began');
is_deeply($one->json->{history}, [], 'nothing is kept of it');
is($agent->get('operator/visits/12345')->code, 404, 'nobody');

# not more than the last pages are remembered

$shopper->get("/page$_") for 1 .. 10;

wait_for_visit($agent, sub { $_->{page} eq '/page10' });
$one = $agent->get("operator/visits/$visit->{id}")->json->{visit};

is($one->{views}, 12, 'all are counted');
is_deeply([map { $_->{page} } @{ $one->{pages} }],
          [map { "/page$_" } 3 .. 10], 'the last eight are remembered');
is($one->{entry}, '/shoes', 'and the first one');

# who opens the chat is the same person with a token

$shopper->open;
($visit) = list();

is(scalar list(), 1, 'one person');
ok($visit->{known}, 'known by now');
is($visit->{was}, $one->{id}, 'under another number before');
ok(heard(sub { ($_->{was} // '') eq $one->{id} }), 'as operators hear');
is($visit->{views}, 12, 'with all that was before');
is($visit->{started_at}, $since, 'and since when');

$shopper->say('hello');

ok(wait_for(sub { (list())[0]{conversation} }, 5), 'in a conversation');
is((list())[0]{conversation}, $shopper->conversation, 'in that one');

$agent->close($shopper->conversation);
ok(wait_for(sub { !(list())[0]{conversation} }, 5), 'which is over');

$shopper->get('/with-cookie');
ok(wait_for_visit($agent, sub { $_->{page} eq '/with-cookie' }),
   'the cookie is the same visit');
is(scalar list(), 1, 'which goes on');

# now there is a cookie, by the visitor's own choice: it is kept

# of the quick pages before, all but five of a second are not

ok(wait_for(sub { $shopper->get('/kept'); visits_count($t) }, 10),
   'what comes with it is kept');
is(scalar visits_rows($t, "SELECT 1 FROM page_view WHERE page LIKE '/page%'"),
   0, 'what was before is not');

ok(wait_for(sub {
    my ($row) = visits_rows($t, 'SELECT kept FROM visitor');
    $shopper->say('again') if !$row->{kept};
    return $row->{kept};
}, 10), 'a visitor who has written has a profile');

my $history = $agent->get("operator/visits/$visit->{id}")->json->{history};

is(scalar @$history, 1, 'one visit in the history');
is($history->[0]{page}, '/kept', 'with its last page');

# a page that a script shows

my $app = browser(BROWSER);

is($app->post('visitor/page', {
    url => $t->url('/app/cart?token=secret#pay'), title => 'Your cart',
})->code, 204, 'reported');

my ($shown) = grep { $_->{page} eq '/app/cart' } list();

ok($shown, 'it is in the list');
is($shown->{title}, 'Your cart', 'with its title');
is($app->post('visitor/page', {})->code, 422, 'an address is needed');
is($app->post('visitor/page', { url => '/x' },
              headers => { Origin => 'https://evil.example' })->code, 403,
   'and no other site');

# at most one event a second of each visitor

my $before = grep { $_->{type} eq 'visits' } $stream->events;
my $began = time;

$shopper->get("/quick$_") for 1 .. 40;
heard(sub { $_->{page} eq '/quick40' });

my $after = grep { $_->{type} eq 'visits' } $stream->events;

cmp_ok($after - $before, '<=', 2 + time - $began,
       'forty pages are few events');

# who asks, and how much

is($agent->get('operator/visits', query => { limit => 1 })->json->{total}, 2,
   'the number of all');
is(@{ $agent->get('operator/visits', query => { limit => 1 })
      ->json->{visits} }, 1, 'a part of them');
is($shopper->get('operator/visits')->code, 401, 'operators only');

# the list is all workers', and outlives a reload

$t->reload;
is(scalar list(), 2, 'over a reload');

$t->done;


# In ms, as a time of the API.

sub now { int(Time::HiRes::time() * 1000) }


# Somebody with this browser, who has not opened the chat.

sub browser ($name) {
    my $visitor = Chat::Visitor->new(chat => $t);

    $visitor->ua->transactor->name($name);

    return $visitor;
}


sub list { visits_live($agent) }


# Whether the stream has said so of some visit.

sub heard ($is) {
    return wait_for(sub {
        grep { $is->() } map { @{ $_->{data}{visits} } }
            grep { $_->{type} eq 'visits' } $stream->events;
    }, 8, 'an event');
}
