#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Who is invited: what the server knows is decided there, what became of an
# invitation is counted once a visit, and a conversation knows that it came
# from one.

use lib 't/lib';
use Chat;
use Chat::Visits;

my $t = Chat->new(workers => 2)->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_track on;
    chat_trust_headers on;
    chat_country $http_x_country;
    default_type text/html;
    chat_widget on;

    server {
        listen 127.0.0.1:%%PORT%%;

        location / { return 200 "<html><body></body></html>"; }
        location /cart {
            add_header X-Chat-Cart "amount=120;currency=EUR;items=2";
            add_header X-Chat-User "id=7;name=Zo%C3%A9";
            return 200 "<html><body></body></html>";
        }
        location /broken { return 500 "<html><body></body></html>"; }
        location /chat/ { chat; }
    }
}
EOF

my $admin = $t->admin;
my $agent = $t->operator;

my $one = visitor('A');
my $visit;

$one->get('/shop/tents?utm_campaign=spring');

# a page asks once while nobody knows whether there are rules, and then not

like($one->get('/shop/tents')->body, qr/"invite":true/, 'not known yet');
is_deeply(offers($one), [], 'none');
unlike($one->get('/shop/tents')->body, qr/"invite"/, 'known: there is none');

my $rule = rule(conditions => [
    { fact => 'page', op => 'starts', value => '/shop/' },
    { fact => 'campaign', op => 'is', value => 'spring' },
    { fact => 'pages', op => 'at_least', value => 2 },
    { fact => 'time_on_page', op => 'at_least', value => 30 },
]);

my $there = $agent->present;

like($one->get('/shop/tents')->body, qr/"invite":true/, 'pages ask again');

my ($offer) = @{ offers($one) };

is($offer->{trigger}, $rule->{id}, 'invited');
is($offer->{text}, 'Hello there', 'with what is said without a name');
is_deeply($offer->{conditions},
          [{ fact => 'time_on_page', op => 'at_least', value => 30 }],
          'what the browser knows is left');

is_deeply(offers($one, '/about'), [], 'not on another page');

my $other = visitor('B');

$other->get('/shop/tents') for 1 .. 3;
is_deeply(offers($other), [], 'not without the campaign');
is_deeply(offers(visitor('nobody')), [], 'nor who has seen no page');

# an address is compared as it is meant, however a browser or a rule has it

my $third = visitor('C');

$third->get('/shop/caf%C3%A9?utm_campaign=Summer+sale%21&utm_source=a%20b');

for my $plain (1, 0) {
    change(conditions => [
        { fact => 'page', op => 'is',
          value => $plain ? '/shop/café' : '/shop/caf%c3%a9' },
        { fact => 'campaign', op => 'is',
          value => $plain ? 'summer sale!' : 'Summer%20sale!' },
        { fact => 'source', op => 'matches', value => $plain ? 'a *' : 'a+*' },
    ]);
    is(scalar @{ offers($third, '/shop/caf%C3%A9') }, 1,
       $plain ? 'words that were typed' : 'and an address that was copied');
}

is($admin->get('admin/triggers')->json->{triggers}[0]{conditions}[1]{value},
   'Summer%20sale!', 'a rule shows what was said');
change(conditions => $rule->{conditions});

# only while somebody is there

$_->presence('offline') for $admin, $agent;
is_deeply(offers($one), [], 'nobody is there');
$agent->presence('online');
is(scalar @{ offers($one) }, 1, 'somebody is');

# hours

my $today = (localtime)[6] || 7;

change(hours => { days => [$today % 7 + 1], from => '00:00', to => '00:00' });
is_deeply(offers($one), [], 'another day');
change(hours => { days => [$today], from => '00:00', to => '00:00' });
is(scalar @{ offers($one) }, 1, 'this one');

# a share is the same visitors, whenever they ask

change(conditions => [], share => 40);

my $n = 0;

for (1 .. 60) {
    my $visitor = visitor("share$_");

    $visitor->get('/');

    my ($first, $second) = map { scalar @{ offers($visitor) } } 1 .. 2;

    is($first, $second, "visitor $_ is in or out");
    $n += $first;
}

cmp_ok($n, '>', 6, "of sixty some are in: $n");
cmp_ok($n, '<', 50, 'and some are not');

# what the backend says, and a page that fails

change(conditions => [{ fact => 'cart', op => 'at_least', value => 100 }]);
is_deeply(offers($other), [], 'no cart');
$other->get('/cart');
is(offers($other)->[0]{text}, 'Hello there',
   'a cart, and no name: somebody else may have this browser and address');

my $namesake = visitor('B');

$namesake->open;
($visit) = grep { $_->{page} eq '/cart' } visits();
ok($visit->{known}, 'who opens the chat goes on with the visit');
is_deeply([@$visit{qw(user cart)}], [undef, undef],
          'and not with what was said of whoever came before');
$namesake->get('/cart');
is(offers($namesake)->[0]{text}, "Hello Zo\x{e9}", 'known: by name');

($visit) = grep { $_->{page} eq '/cart' } visits();
is($visit->{user}{id}, 7, 'the backend says so of this one');

$other->get('/cart');

change(conditions => [{ fact => 'status', op => 'is', value => 500 }]);
is_deeply(offers($other), [], 'all is well');
$other->get('/broken');
is(scalar @{ offers($other) }, 1, 'it broke');

change(conditions => [
    { fact => 'country', op => 'is', value => 'FR' },
    { fact => 'language', op => 'starts', value => 'fr' },
], match => 'any');

my $abroad = visitor('abroad');

$abroad->get('/', headers => { 'X-Country' => 'FR' });
is(scalar @{ offers($abroad) }, 1, 'any: by the country');
is_deeply(offers($one), [], 'another one not');

# asked without a page, the answer is for the one that was sent last

change(conditions => [{ fact => 'page', op => 'is', value => '/third' }]);

my $walker = visitor('walker');

$walker->get($_) for '/first', '/second', '/third';
is(scalar @{ offers($walker) }, 1, 'on the last of three pages');
$walker->get('/fourth');
is_deeply(offers($walker), [], 'not a page later');

# the page's own average

change(conditions => [
    { fact => 'time_on_page', op => 'at_least', value => 'average' },
]);
is_deeply(offers($one), [], 'no average is known');

my $reader = visitor('reader');

$reader->open;
$reader->get('/long');
wait_for_views($t, 2);
dwell('/long', 180_000);

is(offers($one, '/long')->[0]{conditions}[0]{value}, 240,
   'three minutes are four');
is_deeply(offers($one, '/shop/tents'), [], 'not that of another page');

# what becomes of it

change(conditions => []);

my $liar = visitor('liar');

$liar->get('/');
told($liar, 'shown', $rule->{id}, 200);
is_deeply(counts(), [0, 0, 0, 0], 'shown, and was not offered');
told($one, 'opened');
is_deeply(counts(), [0, 0, 0, 0], 'opened before it is shown');
told($one, 'shown');
told($one, 'shown', $rule->{id}, 200) for 1 .. 2;
told($one, 'shown', $rule->{id} + 1, 200);
is_deeply(counts(), [1, 0, 0, 0], 'shown, once, and in one tab');
told(visitor('no visit'), 'shown');
is_deeply(counts(), [1, 0, 0, 0], 'nor where nobody is');
is_deeply(offers($one), [], 'one invitation a visit');

told($one, 'opened') for 1 .. 2;
$one->open;
$one->say('yes, please');
is_deeply(counts(), [1, 1, 0, 1], 'opened, and a conversation');
ok(proactive($one), 'which is proactive');

told($other, 'shown');
told($other, 'dismissed') for 1 .. 2;
is_deeply(counts(), [2, 1, 1, 1], 'dismissed, once');

$other->open;
$other->say('hello');
is_deeply(counts(), [2, 1, 1, 1], 'a conversation of its own');
ok(!proactive($other), 'is reactive');

# who talked today is left alone, in a new visit, too

$agent->close($other->conversation);
$t->stop;
$t->start;
$there = $agent->present;
$other->get('/');
is_deeply(offers($other), [], 'talked today');

my $fresh = visitor('fresh');

$fresh->get('/');
is(scalar @{ offers($fresh) }, 1, 'somebody else is invited');

is($fresh->post('visitor/invitation', { trigger => $rule->{id},
                                        outcome => 'eaten' })->code, 422,
   'an outcome that there is not');

# off and on

for my $on (0, 1) {
    $admin->request('PATCH', "admin/triggers/$rule->{id}",
                    json => { enabled => $on ? \1 : \0 });
    is(scalar @{ offers($fresh) }, $on, $on ? 'on' : 'off');
}

# by hand

($visit) = grep { !$_->{known} }
    @{ $agent->get('operator/visits')->json->{visits} };

is($agent->post("operator/visits/$visit->{id}/invite", {})->code, 422,
   'an invitation says something');
is($agent->post("operator/visits/$visit->{id}/invite",
                { text => 'May I help?' })->code, 204, 'by hand');
is($agent->post("operator/visits/$visit->{id}/invite",
                { text => 'May I help?' })->code, 409, 'not twice');
is($agent->post('operator/visits/12345/invite', { text => 'x' })->code, 404,
   'nobody');

($offer) = @{ offers($fresh) };

is($offer->{trigger}, -1, 'it comes with the next question');
is($offer->{text}, 'May I help?', 'with its words');
ok(length $offer->{sender}, 'and a name');

told($fresh, 'shown', -1);
is_deeply(offers($fresh), [], 'once');
told($fresh, 'opened', -1);
$fresh->open;
$fresh->say('oh yes');
ok(proactive($fresh), 'proactive');

# at once to a browser that listens

my $known = visitor('known');

$known->get('/');
$known->open;

my $stream = $known->stream;

($visit) = grep { $_->{known} && !$_->{conversation} && !$_->{invited} }
    @{ $agent->get('operator/visits')->json->{visits} };

is($agent->post("operator/visits/$visit->{id}/invite",
                { text => 'Hello you' })->code, 204, 'invited');
ok(wait_for(sub {
    grep { $_->{type} eq 'invitation' && $_->{data}{text} eq 'Hello you' }
        $stream->events;
}, 5), 'which comes by the stream');

# a ghost has them, and does not count

$rule = rule(conditions => []);

my $ghost = visitor('ghost');

is($admin->post('operator/blocks', { network => '127.0.0.1',
                                     mode => 'ghost' })->code, 201, 'ghosts');

my $before = counts();

$ghost->get('/');
is(scalar grep({ $_->{trigger} == $rule->{id} } @{ offers($ghost) }), 1,
   'a ghost is invited');
told($ghost, $_) for qw(shown dismissed);
is_deeply(counts(), $before, 'and counts for nothing');
is_deeply(offers($ghost), [], 'its no is a no');

$t->done;


sub visitor ($name) {
    my $visitor = Chat::Visitor->new(chat => $t);

    $visitor->ua->transactor->name(BROWSER . " $name");

    return $visitor;
}


sub rule (%with) {
    my $res = $admin->post('admin/triggers', {
        name => 'rule', text => 'Hello {{visitor.name|there}}', %with,
    });

    is($res->code, 201, 'a rule');

    return $res->json->{trigger};
}


sub change (%with) {
    my %whole = (name => 'rule', text => 'Hello {{visitor.name|there}}',
                 conditions => $rule->{conditions}, %with);

    is($admin->request('PUT', "admin/triggers/$rule->{id}", json => \%whole)
       ->code, 200, 'changed');
}


sub offers ($visitor, $page = undef) {
    my $res = $visitor->get('visitor/invitation',
                            $page ? (query => { page => $page }) : ());

    is($res->code, 200, 'asked');

    return $res->json->{invitations};
}


sub told ($visitor, $outcome, $trigger = $rule->{id}, $code = 204) {
    is($visitor->post('visitor/invitation', {
        trigger => $trigger, outcome => $outcome,
    })->code, $code, "$outcome: $code");
}


sub counts {
    my ($of) = grep { $_->{id} == $rule->{id} }
        @{ $admin->get('admin/triggers')->json->{triggers} };

    return [@{ $of->{counts} }{qw(shown opened dismissed conversations)}];
}


sub visits { @{ $agent->get('operator/visits')->json->{visits} } }


sub proactive ($visitor) {
    return (grep { $_->{id} == $visitor->conversation }
        @{ $agent->get('operator/conversations')->json->{conversations} })[0]
        {proactive};
}


sub dwell ($page, $ms) {
    my $db = DBI->connect('dbi:SQLite:dbname=' . $t->state_dir . '/visits.db',
                          '', '', { RaiseError => 1 });

    $db->sqlite_busy_timeout(5000);
    $db->do('UPDATE page_view SET dwell = ? WHERE page = ?', undef, $ms,
            $page);
    $db->disconnect;
}
