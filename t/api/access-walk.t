#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Nobody gets at anything with an id, a token or a session that does not give
# the right to it: every route, every kind of caller.  Whoever may not can't
# tell what is there from what is not, and changes nothing.

use lib 't/lib';
use Chat;
use Chat::Visits;

use OpenAPI ();
use Routes ();

my $t = Chat->new(workers => 2)->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_track on;

    server {
        listen 127.0.0.1:%%PORT%%;

        location / { default_type text/html; return 200 page; }
        location /chat/ { chat; chat_site red; }
        location /blue/ { chat; chat_site blue; }
    }
}
CONF

my @routes = Routes->all;
my $nowhere = 999_999;

# the walk is over all that there is, and what is open to anybody is this

my $contract = OpenAPI->contract;
my @documented = map {
    my $path = s{^/}{}r =~ s/\{id\}/:id/r;
    my $item = $contract->{doc}{paths}{$_};
    map { uc($_) . " $path" }
        grep { /^(?:get|post|put|patch|delete)$/ }
        keys %$item;
} $contract->paths;

is_deeply([sort map { $_->{name} } @routes], [sort @documented],
          'the routes of the code are those of docs/api.yaml');
is_deeply([sort map { $_->{name} } grep { $_->{auth} eq 'ANYBODY' } @routes],
          ['DELETE visitor/session', 'GET visitor/availability',
           'GET visitor/invitation', 'POST operator/session',
           'POST operator/setup', 'POST visitor/identity',
           'POST visitor/invitation', 'POST visitor/page', 'POST visitor/session'],
          'open to anybody: to come in, to ask whether somebody is there or '
          . 'invites, and to say which page is looked at');

my %of = (visitor => 'VISITOR', operator => 'AGENT', admin => 'ADMIN');

is_deeply([map { $_->{name} }
           grep { $_->{auth} ne 'ANYBODY'
                  && $_->{auth} ne ($of{ $_->{path} =~ s{/.*}{}r } // '') }
           @routes], [], 'the others to those whom the path names');

# everybody who has an identity, good for something or not any more

my $admin = $t->admin;
my %team = map { $_ => $t->operator(role => $_) } qw(agent supervisor);
my %gone = map { $_ => $t->operator } qw(expired revoked disabled);

my $alice = $t->visitor;
$alice->say('a secret of Alice');

# one of all that has an id; who is at it is none of those who try

my $shopper = $t->browser;

$shopper->get('/shoes', headers => { 'User-Agent' => BROWSER });

my $visit = wait_for_visit($admin, sub { $_->{page} eq '/shoes' });
my %there = (
    conversations => $alice->conversation,
    operators => $t->operator->id,
    visits => $visit->{id},
    blocks => made('operator/blocks' => {
        network => '203.0.113.0/24', mode => 'refuse' })->{block}{id},
    triggers => made('admin/triggers' => {
        name => 'Waits', text => 'Hello', conditions => [] })->{trigger}{id},
);

is_deeply([sort keys %there],
          [sort keys %{{ map { kind($_) => 1 } grep { $_->{id} } @routes }}],
          'there is one of each kind');

my $stranger = $t->visitor;
my $token = cookie($stranger, 'chat_visitor');
my $blue = blue_token();
my $session = cookie($team{agent}, 'chat_operator');
my %stale = map { $_ => cookie($gone{$_}, 'chat_operator') } keys %gone;

is($gone{revoked}->log_out->code, 204, 'one has logged out');
is($admin->patch('admin/operators/' . $gone{disabled}->id,
                 { disabled => \1 })->code, 200, 'one is disabled');
expire($gone{expired}->id);

my $forged = $token =~ s/^(.)/$1 eq 'A' ? 'B' : 'A'/er;

my @nobody = (
    ['nobody' => {}],
    ['a forged visitor' => { Cookie => "chat_visitor=$forged",
                             Authorization => "Bearer $forged" }],
    ['a forged session' => { Cookie => 'chat_operator=' . 'A' x 43 }],
    ['a visitor of another site' => { Cookie => "chat_visitor=$blue" }],
    ['his token' => { Authorization => "Bearer $blue" }],
    map { ["a session that is $_" => {
        Cookie => "chat_operator=$stale{$_}" }] } sort keys %stale,
);

my @visitor = (
    ['a visitor' => { Cookie => "chat_visitor=$token" }],
    ['a visitor\'s token' => { Authorization => "Bearer $token" }],
    ['a visitor\'s token as a session' => {
        Cookie => "chat_operator=$token; __Host-chat_operator=$token" }],
);

my @operator = (
    ['an operator' => { Cookie => "chat_operator=$session" }],
    ['a session as a token' => { Authorization => "Bearer $session" }],
    ['a session as a visitor' => { Cookie => "chat_visitor=$session" }],
);

my @lower = map { [$_ => { Cookie => 'chat_operator='
                                     . cookie($team{$_}, 'chat_operator') }] }
            sort keys %team;

my %wrong = (
    VISITOR => [[401, @nobody, @operator]],
    AGENT => [[401, @nobody, @visitor]],
    ADMIN => [[401, @nobody, @visitor], [403, @lower]],
);

my $before = $t->contents;
my $browser = $t->browser;
my $tried = 0;

for my $route (grep { $_->{auth} ne 'ANYBODY' } @routes) {
    for my $group (@{ $wrong{ $route->{auth} } }) {
        my ($code, @callers) = @$group;

        for my $caller (@callers) {
            my ($who, $headers) = @$caller;
            my $res = ask($route, there($route), $headers);

            is($res->code, $code, "$route->{name}: not for $who");
            is(told(ask($route, $nowhere, $headers)), told($res),
               'who can\'t tell whether it is there')
                if $route->{id};
            $tried++;
        }
    }
}

cmp_ok($tried, '>=', 11 * 24, 'every route, every caller');
is($t->contents, $before, 'and nothing has changed by all that');
ok(!(visits_live($admin))[0]{invited}, 'nor is anybody invited');

# who may, and asks for what is not there

for my $route (grep { $_->{id} } @routes) {
    my $res = $admin->request(Routes->request($route, $nowhere));

    is($res->code, 404, "$route->{name}: there is no such thing");
    is($res->json->{type}, 'urn:ngx-chat:not-found', 'and that is all');
}

is($t->contents, $before, 'nor has anything by that');

# a client id of somebody else's is one's own

my $taken = ($t->rows('SELECT client_id FROM event WHERE client_id > ""'))[0];
my $said = $stranger->post('visitor/messages', {
    client_id => $taken->{client_id}, text => 'mine',
});

is($said->code, 201, 'an id that another visitor used is new here');
unlike($said->body, qr/secret of Alice/, 'and gives nothing of hers');

# each was there for all of that: who may, gets at it

my @last = grep { $_->{id} && $_->{method} eq 'DELETE' } @routes;

for my $route ((grep { $_->{id} && $_->{method} ne 'DELETE' } @routes), @last) {
    my $res = $admin->request(Routes->request($route, there($route)));

    like($res->code, qr/^(?:20[014]|409)$/, "$route->{name}: for who may");
}

$t->done;


# "visits" of "operator/visits/:id/block"

sub kind ($route) { $route->{path} =~ m{(\w+)/:id} ? $1 : die $route->{path} }
sub there ($route) { $route->{id} ? $there{ kind($route) } : 1 }


sub made ($path, $json) {
    my $res = $admin->post($path, $json);

    is($res->code, 201, "$path: there is one");

    return $res->json;
}


sub ask ($route, $id, $headers) {
    return $browser->request(Routes->request($route, $id),
                             headers => $headers);
}


# all of an answer but the moment

sub told ($res) {
    my $headers = $res->headers->clone;
    $headers->remove($_) for qw(Date Connection);

    return join "\n", $res->code, $headers->to_string, $res->body;
}


sub cookie ($agent, $name) {
    return (map { $_->value } grep { $_->name eq $name }
            @{ $agent->ua->cookie_jar->all })[0] // die "no $name\n";
}


sub blue_token {
    my $res = $t->browser->post('/blue/api/v1/visitor/session', {});

    return $res->headers->set_cookie =~ /^chat_visitor=([^;]+)/ ? $1
                                                                : die 'none';
}


sub expire ($operator) {
    my $db = DBI->connect('dbi:SQLite:' . $t->state_dir . '/chat.db', '', '',
                          { RaiseError => 1 });

    $db->sqlite_busy_timeout(5000);
    is($db->do('UPDATE session SET expires_at = ? WHERE operator = ?', {},
               Time::HiRes::time() * 1000, $operator), 1, 'one has expired');
}
