#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A page's average takes a look at thousands of page views, and any browser
# may ask for it: a flood of these questions waits in a short line, and
# operators have room beside it.

use lib 't/lib';
use Chat;
use Chat::Visits;

use Fcntl qw(LOCK_EX LOCK_UN O_RDWR);

my $t = Chat->new(workers => 1)->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_track on;

    server {
        listen 127.0.0.1:%%PORT%%;

        location / { default_type text/html; return 200 page; }
        location /chat/ { chat; }
    }
}
EOF

my $admin = $t->admin;
my $visitor = $t->visitor;

is($admin->post('admin/triggers', {
    name => 'long', text => 'Hello', attended => \0,
    conditions => [
        { fact => 'time_on_page', op => 'at_least', value => 'average' },
    ],
})->code, 201, 'a rule that hangs on an average');

$visitor->ua->transactor->name(BROWSER);
$visitor->open;
$visitor->get('/');
wait_for_views($t, 1);

my ($visit) = @{ $admin->get('operator/visits')->json->{visits} };

is($visitor->get('visitor/invitation')->code, 200, 'asked');

# the thread stands still, as with a slow disk

my $path = $t->state_dir . '/visits.lock';

sysopen my $lock, $path, O_RDWR or die "$path: $!\n";
flock $lock, LOCK_EX or die "flock: $!\n";

my (@answered, @refused, $over, $answer);

my @promises = map {
    $visitor->get_p('visitor/invitation')->then(sub ($res) {
        push @{ $res->code == 503 ? \@refused : \@answered }, $res->code;
    });
} 1 .. 60;

Mojo::Promise->all(@promises)->finally(sub { $over = 1 });

ok(wait_for(sub { @refused >= 20 }, 10, 'a flood'),
   'most find no room, at once');
is_deeply(\@answered, [], 'the others wait');

$admin->get_p("operator/visits/$visit->{id}")
      ->then(sub ($res) { $answer = $res->code });

ok($visitor->get('/', headers => { Accept => 'text/html' })->code == 200,
   'pages are served');
is($answer, undef, 'an operator waits, too');

flock $lock, LOCK_UN or die "flock: $!\n";

ok(wait_for(sub { $over && $answer }, 20, 'the rest'), 'all are answered');
is($answer, 200, 'the operator found room');
is_deeply([grep { $_ != 200 } @answered], [], 'and some visitors');

$t->done;
