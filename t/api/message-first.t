#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The first message opens a conversation: exactly one, also when two tabs say
# something in the same moment over two workers.

use lib 't/lib';
use Chat;

my $t = Chat->new(workers => 4)->start;

my $visitor = $t->visitor;
my $res = $visitor->say('hello');

is($res->code, 201, 'sent');

my $sent = $res->json;

is($sent->{event}{type}, 'message', 'a message');
is($sent->{event}{data}{text}, 'hello', 'with its text');
is($sent->{event}{author}{kind}, 'visitor', 'by the visitor');
is($sent->{conversation}{state}, 'waiting', 'a conversation waits');
is($sent->{conversation}{operator}, undef, 'for whoever comes');
is($sent->{conversation}{id}, $sent->{event}{conversation}, 'it is there');
is($sent->{conversation}{last_event}, $sent->{event}{id}, 'at its end');
is($sent->{conversation}{closed_at}, undef, 'it has not ended');

is($visitor->say('are you there?')->json->{conversation}{id},
   $sent->{conversation}{id}, 'the second goes to the same one');

# many at once, each visitor's on connections of their own

for my $round (1 .. 5) {
    my $busy = $t->visitor;
    my @all = $busy->all(map $busy->say_p("message $_"), 1 .. 16);

    is_deeply([map { $_->code } @all], [(201) x 16], "$round: all are sent");

    my %conversations = map { $_->json->{conversation}{id} => 1 } @all;
    is(keys %conversations, 1, "$round: to one conversation");

    my ($id) = keys %conversations;
    my @rows = $t->rows(
        'SELECT count(*) AS n FROM conversation WHERE visitor ='
        . ' (SELECT visitor FROM conversation WHERE id = ?)', $id);
    is($rows[0]{n}, 1, "$round: and the database has no other");

    my %texts = map { $_->{data}{text} => 1 }
                grep { $_->{type} eq 'message' }
                @{ $busy->history->json->{events} };
    is(keys %texts, 16, "$round: each is there");
}

$t->done;
