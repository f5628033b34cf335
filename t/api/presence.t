#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# An operator is present who wants to be and listens: with the status "online"
# and a poll or stream open of late.  Colleagues hear of it, and visitors when
# the first comes and the last goes.

use lib 't/lib';
use Chat;

my $t = Chat->new(workers => 4)->start;

my $agent = $t->operator;
my $second = $t->operator;
my $watch = $t->operator;
my $visitor = $t->visitor;

my $room = $watch->stream;
my $page = $visitor->stream;

ok(!available(), 'nobody is there');

# wanting is not enough

my $res = $agent->presence('online');

is($res->code, 200, 'online');
is($res->json->{operator}{status}, 'online', 'that is the choice');
ok(!$res->json->{operator}{present}, 'but nobody listens');
ok(!available(), 'so nobody is available');

# nor is listening

$second->poll(wait => 0);

ok(!present($second), 'who listens without wanting to is not present');
ok(!available(), 'nor available');

# both

my $stream = $agent->stream;

ok(present($agent), 'present');
ok(available(), 'somebody is there');

my $news = heard($room, $agent, present => 1);

ok($news, 'colleagues hear of it');
is($news->{author}{name}, 'Agent 1', 'and who it is');
is_deeply([availability(2)], [0, 1], 'and visitors, who knew of none');

# a second one is no news to visitors

$second->presence('online');
$second->poll(wait => 0);

ok(present($second), 'the second is present');
ok(heard($room, $second, present => 1), 'colleagues hear of it');

# away, offline: at once

$agent->presence('away');

ok(!present($agent), 'away is not present');
ok(heard($room, $agent, status => 'away'), 'colleagues hear of that');
ok(available(), 'but another one is there');

$second->presence('offline');

ok(!available(), 'nobody is there any more');
is_deeply([availability(3)], [0, 1, 0], 'visitors heard of first and last');

# the choice is kept

is($agent->who_am_i->json->{operator}{status}, 'away', 'kept');

$agent->presence('online');
is_deeply([availability(4)], [0, 1, 0, 1], 'back: the stream is still there');

$t->reload;

is($agent->who_am_i->json->{operator}{status}, 'online', 'over a reload');
ok(available(), 'in the shared memory, too');

# who logs out is gone at once, unless another browser of theirs goes on

$room = $watch->stream;
$page = $visitor->stream;

my $elsewhere = bless { %$agent, ua => Mojo::UserAgent->new }, ref $agent;

$elsewhere->log_in;
is($elsewhere->log_out->code, 204, 'logged out in another browser');
ok(available(), 'that is no reason to be gone');

is($agent->log_out->code, 204, 'logged out');
ok(!available(), 'nobody is there, without a grace');
ok(heard($room, $agent, present => 0), 'colleagues hear of it');
is_deeply([availability(2)], [1, 0], 'and visitors');
ok(!present($agent), 'and it stays so');

$agent->log_in;

is($agent->who_am_i->json->{operator}{status}, 'online', 'over a log-out');

# a poll has it, too: what changes between two of them is told to nobody

$visitor->cursor($visitor->post('visitor/session')->json->{cursor});

sub polled ($who) { $who->poll(wait => 0)->json->{available} }

$agent->poll(wait => 0);
ok(polled($visitor), 'a poll knows that somebody is there');
$_->presence('offline') for $agent, $watch;
ok(!polled($visitor), 'the next one that nobody is');

my $waiting = $visitor->poll_p(wait => 20);

ok(wait_for(sub {
    $t->browser->get('/chat/metrics')->body
        =~ /^ngx_chat_waiters\{who="visitor",by="poll"\} 1$/m
}, 10), 'one waits');
$agent->presence('online');

my ($told) = map { $_->json } $visitor->all($waiting);

is_deeply([map { $_->{data}{available} ? 1 : 0 } @{ $told->{events} }], [1],
          'one that waits hears of it');
ok($told->{available}, 'and says so');
ok(!exists $agent->poll(wait => 0)->json->{available}, 'operators see who');

# nobody sees others' presence but operators, nor can it be asked for

unlike($page->text, qr/presence/, 'visitors do not hear who it is');

for my $wrong ('', 'Online', 'busy', 1, undef) {
    is($agent->presence($wrong)->code, 422, 'no such status');
}

# colleagues, by name

my @list = @{ $agent->get('operator/operators')->json->{operators} };

is_deeply([map { $_->{name} } @list],
          ['Ada', 'Agent 1', 'Agent 2', 'Agent 3'], 'all colleagues');

$t->done;


sub available { $t->browser->post('visitor/session')->json->{available} }


sub present ($who) {
    my ($row) = grep { $_->{id} == $who->id }
                @{ $watch->get('operator/operators')->json->{operators} };

    return $row->{present};
}


# The latest that was said of somebody, when it says so.

sub heard ($stream, $who, $name, $value) {
    return wait_for(sub {
        my ($news) = reverse grep {
            $_->{type} eq 'presence' && $_->{data}{operator} == $who->id
        } $stream->events;

        return $news && $news->{data}{$name} eq $value && $news;
    }, 5);
}


# What the visitor has heard, when it was so often.

sub availability ($n) {
    my @events = $page->wait(sub {
        grep({ $_->{type} eq 'availability' } @_) >= $n;
    }, 5);

    return map { $_->{data}{available} ? 1 : 0 }
           grep { $_->{type} eq 'availability' } @events;
}
