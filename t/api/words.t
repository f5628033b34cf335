#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Words of an administrator's list: a visitor's message that has one is
# refused, or nobody else sees it; operators may write what they want.

use lib 't/lib';
use Chat;

my $t = Chat->new->start;
my $admin = $t->admin;

sub counted () {
    return $t->browser->request(GET => '/chat/metrics', unjudged => 1)->body
        =~ /^ngx_chat_braked_total\{brake="words"\} (\d+)$/m ? $1 : undef;
}

sub noted () { scalar(() = $t->log =~ /chat braked a message: words,/g) }


# a worker knows a new list within a second: all must

sub known_everywhere ($text, $code) {
    my $same = 0;

    wait_for {
        my $visitor = $t->visitor;
        my $res = $visitor->request(
            POST => 'visitor/messages', headers => { Connection => 'close' },
            json => { client_id => $visitor->client_id, text => $text });
        my $hidden = $code != 201 || $res->code == 201 && $admin->get(
            'operator/conversations/' . $res->json->{conversation}{id})->code
            == 404;

        $same = $res->code == $code && $hidden ? $same + 1 : 0;
        return $same == 30;
    } or fail 'all workers know the list';
}


is_deeply($admin->get('admin/words')->json->{words},
          { action => 'refuse', list => '' }, 'there are none');
is($t->visitor->say('buy casino chips')->code, 201, 'all may be said');
is($t->operator(role => 'supervisor')->put('admin/words', {})->code, 403,
   'administrators only');

is($admin->put('admin/words', { list => "Casino\n\n free  MONEY \nidiot\n" })
   ->code, 200, 'a list');
is($admin->get('admin/words')->json->{words}{list},
   "Casino\n\n free  MONEY \nidiot\n", 'is kept as it is');
is(($t->rows('SELECT operator FROM audit WHERE action = ?', 'words.put'))[0]
   {operator}, 1, 'the audit says by whom');

for my $bad ({ list => "x\n" x 1001 }, { list => 'x' x 101 },
             { list => join("\n", ('x' x 90) x 560) }, { action => 'close' })
{
    my ($field) = %$bad;
    my $res = $admin->put('admin/words', $bad);

    is($res->code, 422, "$field is checked");
    is($res->json->{field}, $field, 'and named');
}

known_everywhere('the CASINO again', 429);

my $before = counted();
my $visitor = $t->visitor;
my $refused = $visitor->say('It is FRÉE, Monéy!');

is($refused->code, 429, 'a phrase, without case, accents and signs');
is($refused->json->{type}, 'urn:ngx-chat:braked', 'is held');
is($refused->headers->header('Retry-After'), undef, 'for good');
is($refused->json->{field}, 'text', 'is the text\'s mistake');
is($refused->json->{detail}, 'has a word that is not allowed here', 'as told');
unlike($refused->body, qr/money/i, 'not which');
is(counted(), $before + 1, 'counted once');
like($t->log, qr/chat braked a message: words,/, 'a line in the log');
unlike($t->log, qr/casino|money/i, 'without the word');

is($visitor->say('casinos and money for free')->code, 201,
   'parts and pieces of them are no matter');

my $reply = $admin->post('operator/conversations/' . $visitor->conversation
                         . '/messages', { client_id => $admin->client_id,
                                          text => 'no casino here' });

is($reply->code, 201, 'operators may');


# nobody else sees it

my $list = "Casino\n";

$admin->put('admin/words', { action => 'hide', list => $list });
known_everywhere('a casino', 201);

$before = counted();

my $lines = noted();
my $hidden = $visitor->say('one more casino');

is($hidden->code, 201, 'taken');
is(counted(), $before + 1, 'counted once');
is(noted(), $lines + 1, 'a line in the log');
unlike($t->log, qr/casino|money/i, 'without the word');
is($visitor->history->json->{events}[-1]{data}{text}, 'one more casino',
   'the visitor sees it');

my $events = 'operator/conversations/' . $visitor->conversation . '/events';

is((grep { $_->{type} eq 'message' }
    @{ $admin->get($events)->json->{events} })[-1]{data}{text},
   'no casino here', 'operators do not');
is($visitor->say('my order?')->code, 201, 'what is next');
is(counted(), $before + 1, 'which is not counted');
is($admin->get($events)->json->{events}[-1]{data}{text}, 'my order?',
   'they see');

my $first = $t->visitor;

$first->say('casino');
is($admin->get('operator/conversations/' . $first->conversation)->code, 404,
   'nor a conversation that begins so');
$first->say('sorry, my order?');
is($admin->get('operator/conversations/' . $first->conversation)->code, 200,
   'until there is more');

$t->stop;
$t->start;
known_everywhere('a casino', 201);
$first->say('casino');
isnt($admin->get('operator/conversations/' . $first->conversation)
     ->json->{conversation}{last_message}{text}, 'casino', 'it is stored');

$admin->put('admin/words', {});

wait_for {
    $first->say('casino');
    $admin->get('operator/conversations/' . $first->conversation)
        ->json->{conversation}{last_message}{text} eq 'casino';
} or fail 'an empty list is none';

$t->done;
