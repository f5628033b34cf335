#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Who comes from far behind gets pages, "more" until the last, and nothing
# twice; a stream does the same by itself.

use lib 't/lib';
use Chat;

use constant N => 450;

my $t = Chat->new->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
    }
}
EOF

my $visitor = $t->visitor;
my $other = $t->visitor;
my $admin = $t->admin;

is_deeply($visitor->poll(after => 0, wait => 0)->json->{events}, [],
          'a visitor who never wrote');
$visitor->cursor(0);

for my $from (map { $_ * 15 } 0 .. N / 15 - 1) {
    my @sent = $visitor->all(
        map { $visitor->say_p('message ' . ($from + $_)) } 1 .. 15);

    die 'not sent' if grep { $_->code != 201 } @sent;

    $other->say("between $from") if $from % 60 == 0;
}

my @stored = map { $_->{id} } $t->rows(
    'SELECT e.id FROM event e JOIN conversation c ON c.id = e.conversation'
    . ' JOIN visitor v ON v.id = c.visitor WHERE c.id = ? ORDER BY e.id',
    $visitor->conversation);

cmp_ok(scalar @stored, '>=', N, 'the database has them all');

# visitor and operator page through by poll

my ($pages, @paged) = pages($visitor);

cmp_ok($pages, '>', 2, 'a visitor gets pages');
is_deeply(\@paged, \@stored, 'all events, once and in order');

$admin->cursor(0);
($pages, @paged) = pages($admin);

my @all = map { $_->{id} } $t->rows('SELECT id FROM event ORDER BY id');

cmp_ok($pages, '>', 2, 'an operator gets pages');
is_deeply(\@paged, \@all, 'of all events, once and in order');

# from the middle

$visitor->cursor($stored[100]);
($pages, @paged) = pages($visitor);

is_deeply(\@paged, [ @stored[101 .. $#stored] ], 'from the middle on');

# by stream

$visitor->cursor(0);

my $stream = $visitor->stream;
my @streamed = map { $_->{id} // () } $stream->wait(scalar @stored);

is_deeply(\@streamed, \@stored, 'a stream brings all of them');

my $more = $visitor->say('and now')->json->{event}{id};

@streamed = map { $_->{id} // () } $stream->wait(@stored + 1);
is_deeply(\@streamed, [ @stored, $more ], 'and goes on with what is new');
$stream->close;

$admin->cursor(0);
$stream = $admin->stream;
@streamed = map { $_->{id} } grep { defined $_->{id} }
            $stream->wait(@all + 1);

is_deeply(\@streamed, [ @all, $more ], 'an operator\'s stream, too');
$stream->close;

$t->done;


# Polls as long as there is more: (number of pages, ids).

sub pages ($agent) {
    my ($n, @ids) = (0);

    while (1) {
        my $page = $agent->poll(wait => 0)->json;

        push @ids, map { $_->{id} } grep { defined $_->{id} }
                   @{ $page->{events} };

        return ++$n, @ids if !$page->{more} || ++$n > 50;
    }
}
