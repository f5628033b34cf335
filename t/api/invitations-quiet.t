#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Who says no to an invitation is left alone for as long as the rule says, in
# other visits and after a restart; of who refuses to be recognised nothing is
# kept.

use lib 't/lib';
use Chat;
use Chat::Visits;

my $t = Chat->new->config(<<'EOC')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_track on;
    chat_consent $http_x_consent;
    default_type text/html;

    server {
        listen 127.0.0.1:%%PORT%%;

        location / { return 200 "<html><body></body></html>"; }
        location /chat/ { chat; }
    }
}
EOC

my $admin = $t->admin;
my $there = $admin->present;
my $rule = $admin->rule(quiet_days => 30);

my ($agrees, $refuses, $waits) = map { visitor($_) } 1 .. 3;

# the one that refuses has the cookie from before

page($_, 1) for $agrees, $refuses, $waits;

is(offers($agrees, 1), 1, 'invited');
is(offers($refuses, 0), 1, 'the other one, too');
is(offers($waits, 1), 1, 'and one that does not answer');

told($agrees, 'shown', 1);
told($agrees, 'dismissed', 1);
told($refuses, 'shown', 0);
told($refuses, 'dismissed', 0);
told($waits, 'shown', 1);

is(offers($agrees, 1), 0, 'not again in this visit');
is(rows('quiet'), 1, 'one is remembered');

# another visit: the live list is empty after a restart

again();

is(offers($agrees, 1), 0, 'nor in another one');
is(offers($waits, 1), 1, 'who has not said no is invited again');
is(offers($refuses, 0), 1, 'who may not be remembered was forgotten');
is(offers($refuses, 1), 1, 'and has not said no as somebody else');

is(until_(), 30, 'thirty days');

# and they go by

forget();
again();
is(offers($agrees, 1), 1, 'when they are over it is invited again');

# by an operator's hand, it is a week

for my $visit (@{ $admin->get('operator/visits')->json->{visits} }) {
    is($admin->post("operator/visits/$visit->{id}/invite",
                    { text => 'Hello?' })->code, 204, 'invited by hand');
}

is($waits->get('visitor/invitation', headers => { 'X-Consent' => 1 })
   ->json->{invitations}[0]{text}, 'Hello?', 'by hand');
told($waits, 'shown', 1, -1);
told($waits, 'dismissed', 1, -1);
is(until_(), 7, 'a week');
is(rows('quiet'), 1, 'and what was over is forgotten');

$t->done;


sub visitor ($name) {
    my $visitor = Chat::Visitor->new(chat => $t);

    $visitor->ua->transactor->name(BROWSER . " $name");

    return $visitor;
}


sub with ($consent) { return (headers => { 'X-Consent' => $consent }) }


sub page ($visitor, $consent) {
    is($visitor->get('/', with($consent))->code, 200, 'a page');
}


sub offers ($visitor, $consent) {
    my $res = $visitor->get('visitor/invitation', with($consent));

    is($res->code, 200, 'asked');

    return scalar @{ $res->json->{invitations} };
}


sub told ($visitor, $outcome, $consent, $trigger = $rule->{id}) {
    is($visitor->post('visitor/invitation',
                      { trigger => $trigger, outcome => $outcome },
                      with($consent))->code, 204, $outcome);
}


sub again {
    $t->stop;
    $t->start;
    $there = $admin->present;
    page($_, 1) for $agrees, $refuses, $waits;
}


sub db ($sql) {
    my $db = DBI->connect('dbi:SQLite:dbname=' . $t->state_dir . '/chat.db',
                          '', '', { RaiseError => 1 });

    $db->sqlite_busy_timeout(5000);

    my ($value) = $sql =~ /^SELECT/ ? $db->selectrow_array($sql)
                                    : $db->do($sql);

    $db->disconnect;

    return $value;
}


sub rows ($table) { return db("SELECT count(*) FROM $table") }


# in how many days the first of them is over

sub until_ {
    my $days = (db('SELECT until FROM quiet ORDER BY until LIMIT 1')
                - time * 1000) / 86_400_000;

    return int($days + 0.5);
}


# the clock of the server is the machine's: time goes by in the file

sub forget { db('UPDATE quiet SET until = 1') }
