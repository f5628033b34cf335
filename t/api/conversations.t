#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The list of conversations: by state, one's own, in pages by latest activity.

use lib 't/lib';
use Chat;

my $t = Chat->new->start;

my $agent = $t->operator;
my $colleague = $t->operator;

is_deeply($agent->conversations->json->{conversations}, [], 'none yet');

my @visitors = map { $t->visitor } 0 .. 11;
$_->say('hello') for @visitors;

my @ids = map { $_->conversation } @visitors;

# 0..2 waiting, 3..5 the agent's, 6..8 the colleague's, 9..11 closed

$agent->take($_) for @ids[3 .. 5, 9];
$colleague->take($_) for @ids[6 .. 8, 10];
$agent->close($_) for @ids[9, 11];
$colleague->close($ids[10]);

my %set = (
    'state=waiting' => [0 .. 2],
    'state=active' => [3 .. 8],
    'state=open' => [0 .. 8],
    '' => [0 .. 8],
    'state=closed' => [9 .. 11],
    'state=all' => [0 .. 11],
    'mine=0' => [0 .. 8],
    'mine=1' => [3 .. 5],
    'mine=1&state=closed' => [9],
    'mine=1&state=all' => [3 .. 5, 9],
    'mine=1&state=waiting' => [],
);

for my $query (sort keys %set) {
    is_deeply([sort { $a <=> $b } list($agent, $query)],
              [sort { $a <=> $b } @ids[@{ $set{$query} }]],
              "\"$query\"");
}

is_deeply([list($colleague, 'mine=1')], [@ids[8, 7, 6]],
          'another\'s own are others');

# latest activity first

$visitors[4]->say('and one more');
$colleague->say($ids[6], 'well');

is_deeply([(list($agent))[0, 1]], [@ids[6, 4]], 'latest first');

# pages

for my $limit (1, 2, 3, 9, 12, 100) {
    my (@seen, $before);

    while (1) {
        my $page = $agent->conversations(state => 'all', limit => $limit,
            defined $before ? (before => $before) : ())->json;

        push @seen, map { $_->{id} } @{ $page->{conversations} };
        cmp_ok(@{ $page->{conversations} }, '<=', $limit, "at most $limit")
            if @{ $page->{conversations} } > $limit;

        last if !$page->{more} || @seen > 20;
        $before = $page->{conversations}[-1]{last_event};
    }

    is_deeply(\@seen, [list($agent, 'state=all')], "pages of $limit");
}

ok(!$agent->conversations(state => 'all', limit => 12)->json->{more},
   'exactly one page');
ok($agent->conversations(state => 'all', limit => 11)->json->{more},
   'one less is not');

# the cursor of the list is where to listen from

my $listed = $agent->conversations->json;

$agent->cursor($listed->{cursor});
$visitors[0]->say('after the list');

my @new = $agent->collect(1);

is($new[0]{data}{text}, 'after the list', 'nothing falls in between');
is(scalar @new, 1, 'and nothing comes twice');

# one of them

my $one = $agent->conversation($ids[4])->json->{conversation};

is_deeply($one, (grep { $_->{id} == $ids[4] } @{ $listed->{conversations} })[0],
          'one alone is as in the list');
is($one->{last_message}{text}, 'and one more', 'with its last message');
is($one->{unread}, 2, 'and what is unread');

# queries that are none

for my $case ([state => 'new'], [state => ''], [state => 'OPEN'],
              [mine => 2], [mine => 'true'], [mine => ''], [mine => '01'])
{
    my ($name, $value) = @$case;
    my $res = $agent->conversations($name => $value);

    is($res->code, 422, "refused: $name=$value");
    is($res->json->{field}, $name, 'which is named');
}

is($agent->conversations(unknown => 1)->code, 200, 'others are ignored');

$t->done;


sub list ($who, $query = '') {
    return map { $_->{id} } @{
        $who->get("operator/conversations?$query")->json->{conversations}
    };
}
