#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A waiting conversation goes to the first who takes it or answers; from then
# on it is theirs, unless a supervisor steps in.

use lib 't/lib';
use Chat;

my $t = Chat->new(workers => 4)->start;

my $agent = $t->operator;
my $colleague = $t->operator;
my $supervisor = $t->operator(role => 'supervisor');
my $admin = $t->admin;
my $visitor = $t->visitor;

$visitor->say('hello');
my $id = $visitor->conversation;

my $taken = $agent->take($id);

is($taken->code, 200, 'taken');
is($taken->json->{conversation}{state}, 'active', 'it goes on');
is($taken->json->{conversation}{operator}{id}, $agent->id, 'and is theirs');

my @told = $visitor->collect(sub { grep { $_->{type} eq 'assigned' } @_ });
my ($told) = grep { $_->{type} eq 'assigned' } @told;

is($told->{data}{operator}{name}, 'Agent 1', 'the visitor hears who it is');

# again is nothing new

my $again = $agent->take($id);

is($again->code, 200, 'taken again');
is_deeply($again->json, $taken->json, 'which changes nothing');

# it is another's

for my $case (
    ['take', sub { $colleague->take($id) }, 409, 'conversation-taken'],
    ['reply', sub { $colleague->say($id, 'me too') }, 409,
     'conversation-taken'],
    ['force', sub { $colleague->take($id, force => \1) }, 403, 'forbidden'],
    ['a supervisor, without force', sub { $supervisor->take($id) }, 409,
     'conversation-taken'],
    ['no force', sub { $supervisor->take($id, force => \0) }, 409,
     'conversation-taken'],
) {
    my ($what, $try, $code, $type) = @$case;
    my $res = $try->();

    is($res->code, $code, "$what: refused");
    is($res->json->{type}, "urn:ngx-chat:$type", 'and is told why');
}

is($agent->conversation($id)->json->{conversation}{operator}{id}, $agent->id,
   'it still is');

# supervisors speak without taking it, or take it

is($supervisor->say($id, 'may I?')->code, 201, 'a supervisor speaks');
is($agent->conversation($id)->json->{conversation}{operator}{id}, $agent->id,
   'it is not theirs');

is($supervisor->take($id, force => \1)->json->{conversation}{operator}{id},
   $supervisor->id, 'now it is');
is($agent->say($id, 'but I')->code, 409, 'and not the agent\'s any more');
is($admin->take($id, force => \1)->code, 200, 'an administrator may, too');

# answering takes

$visitor->close;
$visitor->say('again');
$id = $visitor->conversation;

my $reply = $agent->say($id, 'hi');

is($reply->code, 201, 'answered');
is($reply->json->{conversation}{state}, 'active', 'it goes on');
is($reply->json->{conversation}{operator}{id}, $agent->id, 'and is theirs');
is($colleague->take($id)->code, 409, 'and not another\'s');

# reading, typing and looking do not take

my $other = $t->visitor;
$other->say('hello');
my $waiting = $other->conversation;

$agent->read($waiting, 1);
$agent->typing($waiting);
$agent->conversation_events($waiting);

is($agent->conversation($waiting)->json->{conversation}{state}, 'waiting',
   'who looks has not taken it');

# of all who take it in the same moment, one has it

for my $round (1 .. 5) {
    my $new = $t->visitor;
    $new->say('hello');
    my $number = $new->conversation;

    my @all = $agent->all(map {
        my $who = $_;
        map { $who->post_p("operator/conversations/$number/take", {}) } 1 .. 3;
    } $agent, $colleague, $supervisor);

    my %by = map { $_->json->{conversation}{operator}{id} => 1 }
             grep { $_->code == 200 } @all;

    is(keys %by, 1, "$round: one has it");
    is(scalar(grep { $_->code == 200 } @all), 3, "$round: with all requests");
    is(scalar(grep { $_->code == 409 } @all), 6, "$round: the others have not");
    is(scalar(grep { $_->{type} eq 'assigned' }
              @{ $agent->conversation_events($number)->json->{events} }), 1,
       "$round: and it was told once");
}

# no body is no force

my $bare = $agent->request(POST => "operator/conversations/$waiting/take");

is($bare->code, 200, 'a body is not needed');
is($agent->take(9999)->code, 404, 'no such conversation');

$t->done;
