#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Each side sees that the other one types.  What a visitor has in the composer
# is shown to operators, and to nobody else.

use lib 't/lib';
use Chat;

my $t = Chat->new(workers => 2)->start;

my $visitor = $t->visitor;
my $stranger = $t->visitor;
my $agent = $t->operator;

# before there is a conversation nobody is to be told

my $desk = $agent->stream;

is($visitor->typing('not yet')->code, 204, 'typing before the first message');

$visitor->say('hello');
$stranger->say('hello, too');

my $id = $visitor->conversation;
my $own = $visitor->stream;
my $other = $stranger->stream;

is($visitor->typing('my secr')->code, 204, 'typing');

my ($typing) = typing($desk);

is($typing->{data}{text}, 'my secr', 'operators see what stands there');
ok($typing->{data}{typing}, 'and that it is being typed');
is($typing->{author}{kind}, 'visitor', 'by the visitor');
is($typing->{conversation}, $id, 'of this conversation');
ok(!exists $typing->{id}, 'it is no durable event');

is($visitor->typing->code, 204, 'not any more');
($typing) = (typing($desk, 2))[1];
ok(!$typing->{data}{typing}, 'operators see that, too');

# the operator

is($agent->typing($id)->code, 204, 'the operator types');

($typing) = typing($own);

is($typing->{author}{kind}, 'operator', 'the visitor sees that');
is($typing->{author}{name}, 'Agent 1', 'and who it is');
ok(!exists $typing->{data}{text}, 'but no text');

is($agent->post("operator/conversations/$id/typing",
                { typing => \1, text => 'draft' })->code, 204,
   'an operator\'s draft is an unknown field');

# what comes behind it shows that nothing was to come before

$agent->say($id, 'the answer');
$agent->say($stranger->conversation, 'to you as well');

$own->wait(sub { grep { ($_->{data}{text} // '') eq 'the answer' } @_ });
$other->wait(sub { grep { ($_->{data}{text} // '') eq 'to you as well' } @_ });

unlike($own->text . $other->text, qr/my secr|draft|not yet/,
       'no visitor sees a draft, not even his own');
is(scalar(grep { $_->{type} eq 'typing' } $other->events), 0,
   'and nobody else\'s typing');
unlike($desk->text, qr/not yet/, 'nor was there one without a conversation');

# nothing of it is stored

my @rows = $t->rows("SELECT text FROM event WHERE text LIKE '%secr%'");

is_deeply(\@rows, [], 'a draft is nowhere on the disk');

# when it is over

$agent->close($id);

is($agent->typing($id)->code, 204, 'typing at the end');
is($visitor->typing('gone')->code, 204, 'of both');

$visitor->say('new');
$desk->wait(sub { grep { ($_->{data}{text} // '') eq 'new' } @_ });

is(scalar(grep { ($_->{data}{text} // '') eq 'gone' } $desk->events), 0,
   'nobody is told what is typed into what has ended');

# how much

is($visitor->typing('é' x 4000)->code, 204, 'a long draft');
is($visitor->typing('')->code, 204, 'an empty one');
is($visitor->typing('é' x 4001)->code, 422, 'too long a draft');
is($visitor->typing("bell\a")->code, 422, 'a control character');
is($agent->typing(9999)->code, 404, 'no such conversation');

$t->done;


sub typing ($stream, $n = 1) {
    my @typing;

    $stream->wait(sub (@events) {
        @typing = grep { $_->{type} eq 'typing' } @events;
        return @typing >= $n;
    });

    return @typing;
}
