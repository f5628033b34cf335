#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# While nothing can be written the queue grows to its limit and no further:
# the rest is told to come again, and what was accepted is done exactly once.

use lib 't/lib';
use Chat;

use Fcntl qw(LOCK_EX LOCK_UN O_RDWR);
use Waiting qw(waiting);

use constant N => 64;

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

my @visitors = map { $t->visitor } 1 .. N;

# whoever has the lock is the only one who writes

my ($path) = glob $t->state_dir . '/*lock*';

ok($path, 'there is a lock file');
sysopen my $lock, $path, O_RDWR or die "$path: $!\n";
flock $lock, LOCK_EX or die "flock: $!\n";

my (@answers, $over);

my $n = 0;
my @promises = map {
    my $visitor = $_;
    my $id = 'queued-up-' . ++$n;

    $visitor->post_p('visitor/messages', { client_id => $id, text => $id })
        ->then(sub ($res) { push @answers, [$visitor, $id, $res] });
} @visitors;

Mojo::Promise->all(@promises)->finally(sub { $over = 1 });

# nothing is answered but that there is no room

ok(wait_for(sub { @answers && @answers + waiting($t) >= N }, 20, 'a limit'),
   'the queue is full');

my @early = @answers;

cmp_ok(scalar @early, '>=', N - 34, 'most found no room');
cmp_ok(scalar @early, '<', N, 'but not all');

is_deeply([grep { $_ != 503 } map { $_->[2]->code } @early], [],
          'all are told to come again');

for my $res ($early[0][2]) {
    is($res->json->{type}, 'urn:ngx-chat:busy', 'for it is busy');
    like($res->headers->header('Retry-After'), qr/^[1-9]\d*$/, 'and when');
}

like($t->log, qr/\[warn\].*queue is full.*chat_queue/, 'the log tells');

# reading goes on meanwhile

is($visitors[0]->history->code, 200, 'reads go on');
is($visitors[0]->poll(wait => 0)->code, 200, 'and polls');

flock $lock, LOCK_UN or die "flock: $!\n";

ok(wait_for(sub { $over }, 20, 'the rest'), 'all are answered');

my @late = @answers[@early .. $#answers];

is_deeply([grep { $_ != 201 } map { $_->[2]->code } @late], [],
          'who waited was served');

# what was acknowledged is there, and nothing else

my %stored = map { $_->{client_id} => $_->{n} } $t->rows(
    'SELECT client_id, count(*) AS n FROM event WHERE client_id IS NOT NULL'
    . " AND client_id LIKE 'queued-up-%' GROUP BY client_id");

is_deeply(\%stored, { map { $_->[1] => 1 } @late },
          'the acknowledged ones are there, each once');

# those who come again are welcome

for my $early (@early) {
    my ($visitor, $id) = @$early;

    is($visitor->post('visitor/messages',
                      { client_id => $id, text => $id })->code, 201,
       'and now there is room');
}

$t->done;
