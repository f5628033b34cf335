#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Each side counts what the other one said and it has not read yet; a mark
# only ever goes forward, and the other side hears of it.

use lib 't/lib';
use Chat;

my $t = Chat->new->start;

my $visitor = $t->visitor;
my $agent = $t->operator;
my $colleague = $t->operator;

my @asked = map { $visitor->say("question $_")->json->{event}{id} } 1 .. 3;
my $id = $visitor->conversation;

is(team()->{unread}, 3, 'three questions');
is(team()->{operator_read}, 0, 'none is read');
is(own()->{unread}, 0, 'nothing for the visitor to read');
is(own()->{visitor_read}, $asked[2], 'who has read what he wrote');

# the team reads

my $told = $visitor->stream;

is($agent->read($id, $asked[1])->code, 204, 'read up to the second');
is(team()->{unread}, 1, 'one is left');
is(team()->{operator_read}, $asked[1], 'the mark is there');

my ($seen) = grep { $_->{type} eq 'read' }
             $told->wait(sub { grep { $_->{type} eq 'read' } @_ });

is($seen->{data}{up_to}, $asked[1], 'the visitor hears of it');
is($seen->{author}{kind}, 'operator', 'from an operator');
ok(!exists $seen->{id}, 'it is no durable event');

is($agent->read($id, $asked[0])->code, 204, 'an older mark');
is(team()->{operator_read}, $asked[1], 'changes nothing');
is($agent->read($id, 0)->code, 204, 'nor does none');
is(team()->{unread}, 1, 'still one');

# one mark for the whole team

is($colleague->read($id, $asked[2])->code, 204, 'a colleague reads the rest');
is($agent->conversation($id)->json->{conversation}{unread}, 0,
   'and all of them have');

# beyond the end is the end: what comes later is not read yet

is($agent->read($id, 9_000_000_000_000)->code, 204, 'far ahead');
is(team()->{operator_read}, last_event(), 'is the end');
$visitor->say('one more');
is(team()->{unread}, 1, 'what came later is unread');

# replying is reading

my @answered = map { $agent->say($id, "answer $_")->json->{event}{id} } 1 .. 2;

is(team()->{unread}, 0, 'who answers has read');
is(own()->{unread}, 2, 'two answers');

my $heard = $agent->stream;

is($visitor->read($answered[0])->code, 204, 'the visitor reads the first');
is(own()->{unread}, 1, 'one is left');

($seen) = grep { $_->{type} eq 'read' && $_->{author}{kind} eq 'visitor' }
          $heard->wait(sub {
              grep { $_->{type} eq 'read' && $_->{author}{kind} eq 'visitor' }
                  @_;
          });

is($seen->{data}{up_to}, $answered[0], 'operators hear of it');
is($seen->{conversation}, $id, 'and where');

is($visitor->read($answered[1])->code, 204, 'and the second');
is(own()->{unread}, 0, 'all is read');

is($visitor->read($asked[0])->code, 204, 'an older mark');
is(own()->{visitor_read}, $answered[1], 'changes nothing');

# what is no mark

for my $wrong (-1, 1.5, '1', undef, [], '9223372036854775808') {
    is($visitor->read($wrong)->code, 422, 'no mark');
    is($agent->read($id, $wrong)->code, 422, 'no mark of an operator');
}

is($agent->read(9999, 1)->code, 404, 'no such conversation');

$t->done;


sub team { $agent->conversation($id)->json->{conversation} }
sub own { $visitor->open->session->{conversation} }
sub last_event { team()->{last_event} }
