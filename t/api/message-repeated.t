#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The same client_id again, after a lost answer, is the same message: the
# first result comes back with 200, and nothing is stored twice.

use lib 't/lib';
use Chat;

my $t = Chat->new(workers => 4)->start;

my $visitor = $t->visitor;
my $agent = $t->operator;

my %message = (client_id => 'once-and-only-once', text => 'hello');

my $first = $visitor->post('visitor/messages', \%message);
my $again = $visitor->post('visitor/messages', \%message);

is($first->code, 201, 'sent');
is($again->code, 200, 'known');
is_deeply($again->json->{event}, $first->json->{event}, 'the first result');

# the id decides, whatever the text has become

my $edited = $visitor->post('visitor/messages', { %message, text => 'other' });

is($edited->code, 200, 'known with another text, too');
is($edited->json->{event}{data}{text}, 'hello', 'which changes nothing');

# many at once, over all workers

my @all = $visitor->all(map {
    $visitor->post_p('visitor/messages',
                     { client_id => 'all-at-once', text => 'now' });
} 1 .. 16);

is_deeply([sort map { $_->code } @all], [(200) x 15, 201], 'one is the first');
is(keys %{{ map { $_->json->{event}{id} => 1 } @all }}, 1, 'all are the same');

is_deeply([texts($visitor)], ['hello', 'now'], 'each is there once');

# after the conversation has ended: still that message, in that conversation

my $id = $first->json->{conversation}{id};

$visitor->close;

my $late = $visitor->post('visitor/messages', \%message);

is($late->code, 200, 'known after the end');
is($late->json->{conversation}{id}, $id, 'in the conversation it was in');
is($late->json->{conversation}{state}, 'closed', 'which stays closed');
is($t->rows('SELECT 1 FROM conversation'), 1, 'no other was opened');

# an id is one's own

my $other = $t->visitor;
my $same = $other->post('visitor/messages', \%message);

is($same->code, 201, 'another visitor\'s id is another');
isnt($same->json->{conversation}{id}, $id, 'with a conversation of its own');
is_deeply([texts($other)], ['hello'], 'which is all there is');

# operators

my $open = $same->json->{conversation}{id};
my $path = "operator/conversations/$open/messages";

my $reply = $agent->post($path, \%message);

is($reply->code, 201, 'a visitor\'s id is none of the operator\'s');
is($agent->post($path, \%message)->code, 200, 'but known now');
is_deeply($agent->post($path, \%message)->json->{event}, $reply->json->{event},
          'with the first result');

my $third = $t->visitor;
$third->say('elsewhere');

my $elsewhere = $agent->post(
    'operator/conversations/' . $third->conversation . '/messages', \%message);

is($elsewhere->code, 409, 'not in another conversation');
is($elsewhere->json->{type}, 'urn:ngx-chat:client-id', 'and is told why');
is_deeply([texts($third)], ['elsewhere'], 'nothing was said there');

$agent->close($open);

is($agent->post($path, \%message)->code, 200, 'known after the end');
is($agent->post($path, { %message, client_id => 'another-one' })->code, 409,
   'where nothing new may be said');

is_deeply([texts($other)], ['hello', 'hello'], 'two were, all in all');

$t->done;


sub texts ($who) {
    return map { $_->{data}{text} }
           grep { $_->{type} eq 'message' }
           @{ $who->history->json->{events} };
}
