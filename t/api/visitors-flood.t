#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Visitors are whoever wants to be one: a flood of them fills three quarters of
# a queue and leaves the rest to operators; and a visitor who tells a thousand
# times that there is typing is heard a few times.

use lib 't/lib';
use Chat;

use Fcntl qw(LOCK_EX LOCK_UN O_RDWR);
use Waiting qw(waiting);

my $t = Chat->new(workers => 1)->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    chat_queue 16;

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
        location = /status { stub_status; }
    }
}
CONF

my $admin = $t->admin;
my $visitor = $t->visitor;

$visitor->say('hello');

my $conversation = $visitor->conversation;

# typing

$admin->cursor($admin->who_am_i->json->{cursor});

my $stream = $admin->stream;

is_deeply([grep { $_ != 204 } map { $visitor->typing("word $_")->code } 1 .. 40],
          [], 'all notices are taken');

$visitor->say('typed');

# what is ephemeral takes the ring at once: all of it came before this

$stream->wait(1);

my @typing = grep { $_->{type} eq 'typing' } $stream->events;

cmp_ok(scalar @typing, '>=', 10, 'the first ones are passed on');
cmp_ok(scalar @typing, '<', 40, 'and not all');

$stream->close;

# a queue

my ($path) = glob $t->state_dir . '/*lock*';

sysopen my $lock, $path, O_RDWR or die "$path: $!\n";
flock $lock, LOCK_EX or die "flock: $!\n";

my (@late, @refused, $over);

my @promises = map {
    my $n = $_;

    $visitor->post_p('visitor/messages',
        { client_id => "flood-number-$n", text => "number $n" })
        ->then(sub ($res) { push @{ $res->code == 503 ? \@refused : \@late },
                                 $res->code });
} 1 .. 20;

Mojo::Promise->all(@promises)->finally(sub { $over = 1 });

# the writer has taken one job or some, and the rest stands in the queue

ok(wait_for(sub { @refused && @refused + waiting($t) >= 20 }, 20, 'a flood'),
   'visitors find no more room');

my $answer;

$admin->say_p($conversation, 'I am here')
      ->then(sub ($res) { $answer = $res->code });

wait_for(sub { $answer || waiting($t) >= 21 - @refused }, 10, 'an operator');

is($answer, undef, 'an operator does, and waits');
is($admin->conversations->code, 200, 'and reads meanwhile');

flock $lock, LOCK_UN or die "flock: $!\n";

ok(wait_for(sub { $over && $answer }, 20, 'the rest'), 'all are answered');

is($answer, 201, 'the operator was served');
is_deeply([grep { $_ != 201 } @late], [], 'and so was who found room');

$t->done;
