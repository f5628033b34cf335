#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Older events come in pages, newest page first, each oldest event first; a
# page is asked for by the oldest event of the one before.

use lib 't/lib';
use Chat;

my $t = Chat->new->start;

my $visitor = $t->visitor;
my $agent = $t->operator;

# two conversations, and a stranger's messages in between

my $stranger = $t->visitor;
my @said;

for my $n (1 .. 60) {
    push @said, "message $n";
    $visitor->say("message $n");
    $stranger->say("stranger $n") if $n % 3 == 0;

    if ($n == 30) {
        push @said, 'a reply';
        $agent->say($visitor->conversation, 'a reply');
        $agent->close($visitor->conversation);
    }
}

my $id = $visitor->conversation;

# the first answer holds the newest page

my $session = $visitor->open->session;

is(@{ $session->{events} }, 50, 'the newest page');
ok($session->{more}, 'there are older ones');
ascending('session', @{ $session->{events} });

my @rest = walk(sub (%query) { $visitor->history(%query) },
                $session->{events}[0]{id});
my @all = (@rest, @{ $session->{events} });

is_deeply([texts(@all)], \@said, 'all of it, in order, over conversations');

# pages of any size come to the same

for my $limit (1, 7, 50, 100) {
    my @walked = walk(sub (%query) {
        $visitor->history(%query, limit => $limit);
    });

    is_deeply([map { $_->{id} } @walked], [map { $_->{id} } @all],
              "pages of $limit");
}

# exactly one page is no "more"

my $exact = $visitor->history(limit => scalar @all)->json;

is(@{ $exact->{events} }, @all, 'all in one page');
ok(!$exact->{more}, 'which is the last');
ok($visitor->history(limit => @all - 1)->json->{more}, 'one less is not');

my $first = $visitor->history(before => $all[1]{id})->json;

is_deeply([map { $_->{id} } @{ $first->{events} }], [$all[0]{id}],
          'the first one is alone before the second');
ok(!$first->{more}, 'and nothing is before it');
is_deeply($visitor->history(before => $all[0]{id})->json->{events}, [],
          'nothing at all');
is_deeply($visitor->history(before => 1)->json->{events}, [], 'before all');
is(@{ $visitor->history(before => '9223372036854775807')->json->{events} },
   50, 'before what is to come');

# an operator reads one conversation

my @seen = walk(sub (%query) {
    $agent->conversation_events($id, %query, limit => 11);
});

is_deeply([texts(@seen)], [@said[31 .. 60]], 'an operator: this conversation');
is(scalar(grep { $_->{conversation} != $id } @seen), 0, 'and no other');

for my $query ({ limit => 0 }, { limit => 101 }, { limit => -1 },
               { limit => '' }, { limit => 'all' }, { before => 0 },
               { before => -1 }, { before => '9223372036854775808' },
               { before => '1x' })
{
    my ($name, $value) = %$query;

    for my $res ($visitor->history(%$query),
                 $agent->conversation_events($id, %$query),
                 $agent->conversations(%$query))
    {
        is($res->code, 422, "refused: $name=$value");
        is($res->json->{field}, $name, 'which is named');
    }
}

$t->done;


# From the newest page to the oldest: all events, oldest first.

sub walk ($page, $before = undef) {
    my @events;

    for (1 .. 200) {
        my $res = $page->(defined $before ? (before => $before) : ())->json;

        ascending('page', @{ $res->{events} });
        unshift @events, @{ $res->{events} };
        return @events if !$res->{more};
        $before = $events[0]{id};
    }

    fail('it has no end');
}


sub ascending ($what, @events) {
    my @ids = map { $_->{id} } @events;
    my @sorted = sort { $a <=> $b } @ids;

    is("@ids", "@sorted", "$what: oldest first") if "@ids" ne "@sorted";
}


sub texts (@events) {
    return map { $_->{data}{text} } grep { $_->{type} eq 'message' } @events;
}
