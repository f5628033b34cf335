#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Either side ends a conversation, once; what is said afterwards opens another.

use lib 't/lib';
use Chat;

my $t = Chat->new->start;

my $visitor = $t->visitor;
my $agent = $t->operator;
my $colleague = $t->operator;
my $supervisor = $t->operator(role => 'supervisor');

# by the visitor

$visitor->say('hello');
my $first = $visitor->conversation;

my $closed = $visitor->close;

is($closed->code, 200, 'the visitor ends it');
is($closed->json->{conversation}{state}, 'closed', 'it has ended');
ok($closed->json->{conversation}{closed_at}, 'at some time');

my $again = $visitor->close->json;

is_deeply($again, $closed->json, 'twice is once');
is(states($first), 'waiting closed', 'and was told once');

my ($end) = grep { $_->{type} eq 'state' && $_->{data}{state} eq 'closed' }
            @{ $agent->conversation_events($first)->json->{events} };

is($end->{author}{kind}, 'visitor', 'by the visitor');

# what is closed stays closed

for my $case (
    ['take', sub { $agent->take($first) }],
    ['take by force', sub { $supervisor->take($first, force => \1) }],
    ['reply', sub { $agent->say($first, 'too late') }],
) {
    my ($what, $try) = @$case;
    my $res = $try->();

    is($res->code, 409, "$what: too late");
    is($res->json->{type}, 'urn:ngx-chat:conversation-closed', 'and says so');
}

is($agent->close($first)->code, 200, 'to end it again is nothing new');
is(states($first), 'waiting closed', 'still told once');
is($agent->conversation($first)->json->{conversation}{operator}, undef,
   'nobody had it');

# the next message

my $sent = $visitor->say('one more thing')->json;
my $second = $sent->{conversation}{id};

isnt($second, $first, 'another conversation');
is($sent->{conversation}{state}, 'waiting', 'that waits');
is($visitor->open->session->{conversation}{id}, $second, 'is the one now');
is_deeply([map { $_->{data}{text} } grep { $_->{type} eq 'message' }
           @{ $visitor->session->{events} }], ['hello', 'one more thing'],
          'after the old one');

# by operators

$agent->take($second);

my $taken = $colleague->close($second);

is($taken->code, 409, 'a colleague does not end it');
is($taken->json->{type}, 'urn:ngx-chat:conversation-taken', 'it is another\'s');

my $done = $agent->close($second);

is($done->code, 200, 'the one who has it does');
is($done->json->{conversation}{state}, 'closed', 'it has ended');
is($done->json->{conversation}{operator}{id}, $agent->id, 'it tells whose');

my ($event) = grep { ($_->{data}{state} // '') eq 'closed' }
              $visitor->collect(sub {
                  grep { ($_->{data}{state} // '') eq 'closed' } @_;
              });

is($event->{conversation}, $second, 'the visitor hears of it');
is($event->{author}{name}, 'Agent 1', 'and who it was');
is($visitor->open->session->{conversation}{state}, 'closed',
   'the last one is shown');

# a supervisor may, and anybody may end what waits

$visitor->say('third');
my $third = $visitor->conversation;
$agent->take($third);

is($supervisor->close($third)->code, 200, 'a supervisor ends a colleague\'s');

$visitor->say('fourth');

is($colleague->close($visitor->conversation)->code, 200,
   'anybody ends one that waits');

is($agent->close(9999)->code, 404, 'no such conversation');

is($t->rows('SELECT 1 FROM conversation'), 4, 'four, all in all');

$t->done;


sub states ($id) {
    return join ' ', map { $_->{data}{state} }
        grep { $_->{type} eq 'state' }
        @{ $agent->conversation_events($id)->json->{events} };
}
