#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A ghost sees what it has always seen: its messages are taken, its history
# comes back.  Nobody else sees anything of it, then or later: neither the
# team, wherever it looks, nor another visitor.

use lib 't/lib';
use Chat;

my $t = Chat->new(workers => 2)->start;

my $admin = $t->admin;
my $agent = $t->operator;

$agent->presence('online');


# what an answer looks like, without its values

sub shape ($value) {
    return ref $value eq 'HASH'
        ? '{' . join(',', map "$_:" . shape($value->{$_}), sort keys %$value)
            . '}'
        : ref $value eq 'ARRAY' ? '[' . join(',', map shape($_), @$value) . ']'
        : defined $value ? 'x' : 'null';
}


sub inbox ($operator) {
    my $all = $operator->conversations(state => 'all')->json;

    # what tells one moment from another is the cursor
    return [ map { { %$_ } } @{ $all->{conversations} } ];
}


# two who do the same, one of them blocked in the middle of it

my ($troll, $twin) = map { $t->visitor } 1 .. 2;

$_->say('hello') for $troll, $twin;

my $number = $troll->conversation;

my $blocked = $admin->post('operator/blocks',
                           { conversation => $number, mode => 'ghost' });

is($blocked->code, 201, 'blocked as a ghost');

my $id = $blocked->json->{block}{id};
my $before = inbox($admin);
my $other = $t->visitor;

$agent->cursor($agent->who_am_i->json->{cursor});
$_->cursor($_->post('visitor/session')->json->{cursor}) for $troll, $twin;

my $console = $agent->stream;
my $elsewhere = $other->stream;
my $mirror = $troll->stream;

for my $what (
    [ 'a message', sub ($v) { $v->say('you fools') } ],
    [ 'a name', sub ($v) { $v->say('answer me', name => 'You Fools',
                                   email => 'you@fools.example',
                                   facts => 'you=fools') } ],
    [ 'that again', sub ($v) { $v->post('visitor/messages', {
        client_id => 'once-more', text => 'answer me',
    }) } ],
    [ 'and again', sub ($v) { $v->post('visitor/messages', {
        client_id => 'once-more', text => 'answer me',
    }) } ],
    [ 'typing', sub ($v) { $v->typing('and now') } ],
    [ 'an open chat', sub ($v) { $v->post('visitor/session') } ],
    [ 'its history', sub ($v) { $v->history } ],
    [ 'a read mark', sub ($v) { $v->read(1) } ],
)
{
    my ($name, $do) = @$what;
    my ($of_ghost, $of_twin) = map { $do->($_) } $troll, $twin;

    is($of_ghost->code, $of_twin->code, "$name: the same status");
    is(shape($of_ghost->json), shape($of_twin->json), "$name: the same shape");
}

my @mine = map { $_->{data}{text} } grep { $_->{type} eq 'message' }
    @{ $troll->history->json->{events} };

is_deeply(\@mine, ['hello', 'you fools', ('answer me') x 2],
          'the ghost sees what it wrote');

is_deeply([map { $_->{data}{text} } grep { $_->{type} eq 'message' }
               $mirror->wait(3)],
          ['you fools', ('answer me') x 2], 'in its other tabs, too');

is_deeply([map { $_->{data}{text} } grep { $_->{type} eq 'message' }
               @{ $troll->get('visitor/events?after=0')->json->{events} }],
          \@mine, 'and by polling from the beginning');

my $again = $troll->post('visitor/messages',
                         { client_id => 'once-only', text => 'once' });
my $twice = $troll->post('visitor/messages',
                         { client_id => 'once-only', text => 'once' });

is_deeply([$again->code, $twice->code], [201, 200], 'a repeat is one');
is($twice->json->{event}{id}, $again->json->{event}{id}, 'with its id');


is($_->history->json->{events}[-1]{author}{name}, 'You Fools',
   'it is called as it calls itself') for $troll, $twin;


# what the others got: the twin's, which came at the same time

my @seen = $console->wait(sub (@events) {
    grep { $_->{type} eq 'message' && $_->{data}{text} eq 'answer me' } @events
});

ok(!grep({ ($_->{conversation} // 0) == $number } @seen),
   'no console hears of it: ' . join ' ', map $_->{type}, @seen);
ok(!grep({ defined $_->{id} } $elsewhere->events), 'nor another visitor');

my ($mine_then) = grep { $_->{id} == $number } @$before;
my ($mine_now) = grep { $_->{id} == $number } @{ inbox($admin) };

is_deeply([@$mine_now{qw(unread last_message last_event updated_at visitor)}],
          [@$mine_then{qw(unread last_message last_event updated_at visitor)}],
          'in the list nothing has moved');

is_deeply([map { $_->{data}{text} } grep { $_->{type} eq 'message' }
               @{ $admin->conversation_events($number)->json->{events} }],
          ['hello'], 'its conversation stands still');

is_deeply([grep { $_->{type} eq 'message' && $_->{conversation} == $number
                      && $_->{data}{text} ne 'hello' }
               @{ $admin->get('operator/events?after=0&wait=0')
                      ->json->{events} }],
          [], 'nor does it come by catching up');

# the mark counts what there is for an operator

$agent->take($number);
$agent->read($number, $mine_now->{last_event});
is($agent->conversation($number)->json->{conversation}{unread}, 0,
   'nothing is unread');

# an operator who writes to it all the same is read

is($agent->say($number, 'please stop')->code, 201, 'an operator writes');
ok($mirror->wait(sub (@events) {
    grep { $_->{type} eq 'message' && $_->{data}{text} eq 'please stop' }
        @events
}), 'and the ghost gets it');


# a conversation that a ghost opens is nobody's

is($agent->close($number)->code, 200, 'its conversation ends');

my $count = @{ inbox($admin) };
my $opened = $troll->say('you can not close me');

is($opened->code, 201, 'it opens another');
my $hidden = $opened->json->{conversation}{id};
isnt($hidden, $number, 'of its own');

is(@{ inbox($admin) }, $count, 'which is in no list');
is($admin->conversation($hidden)->code, 404, 'nor anywhere');
is($admin->conversation_events($hidden)->code, 404, 'without events');
is($admin->take($hidden)->code, 404, 'not to be taken');
is($admin->say($hidden, 'x')->code, 404, 'nor written to');
is($admin->post('operator/blocks',
                { conversation => $hidden, mode => 'close' })->code, 404,
   'nor blocked by its number');
like($t->browser->get('/chat/metrics')->body,
     qr/^ngx_chat_conversations\{state="waiting"\} 1$/m,
     'and is not counted as waiting');

is($troll->post('visitor/session')->json->{conversation}{id}, $hidden,
   'the ghost comes back to it');

$t->stop->start;

is($troll->say('still here')->code, 201, 'after a restart it goes on');
is($admin->conversation($hidden)->code, 404, 'unseen');


# lifted: from now on, and not what was before

$agent->cursor($agent->who_am_i->json->{cursor});

is($admin->delete("operator/blocks/$id")->code, 200, 'let in again');
is($admin->conversation($hidden)->code, 404, 'that alone shows nothing');

my $live = $agent->stream;

is($troll->typing('sorr')->code, 204, 'it is typing');
is($troll->say('sorry')->code, 201, 'and writes');

my @heard = grep { defined $_->{id} } $live->wait(2);

is_deeply([map { $_->{type} } @heard], ['state', 'message'],
          'the team hears of it now');
is($heard[0]{data}{state}, 'waiting', 'as of a new one');
is($heard[1]{data}{text}, 'sorry', 'what it wrote');

my $seen = $admin->conversation($hidden)->json->{conversation};
is($seen->{unread}, 1, 'one is unread');
is($seen->{last_message}{text}, 'sorry', 'the last');
is($seen->{visitor}{name}, 'You Fools', 'who called itself that');
is($seen->{visitor}{email}, undef, 'and no more');
is((grep { $_->{id} == $hidden } @{ inbox($admin) }), 1, 'it is in the list');

is_deeply([map { $_->{data}{text} } grep { $_->{type} eq 'message' }
               @{ $admin->conversation_events($hidden)->json->{events} }],
          ['sorry'], 'what was hidden stays so');

is($troll->history->json->{events}[-1]{data}{text}, 'sorry',
   'the visitor has it all');

$t->done;
