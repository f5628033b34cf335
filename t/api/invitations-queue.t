#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# While nothing can be written, pages that tell of orders come as ever: what
# there is room for is counted later, and of the rest the log tells.

use lib 't/lib';
use Chat;
use Chat::Visits;

use Fcntl qw(LOCK_EX LOCK_UN O_RDWR);

use constant N => 40;

my $t = Chat->new->config(<<'EOC')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_queue 16;
    chat_track on;
    chat_trust_headers on;
    default_type text/html;

    server {
        listen 127.0.0.1:%%PORT%%;

        location / {
            add_header X-Chat-Order $http_x_order;
            return 200 "<html><body></body></html>";
        }
        location /chat/ { chat; }
    }
}
EOC

my $admin = $t->admin;
my $there = $admin->present;
my $rule = $admin->rule->{id};
my $visitor = Chat::Visitor->new(chat => $t);

$visitor->ua->transactor->name(BROWSER);

is($visitor->get('/')->code, 200, 'a page');
is($visitor->get('visitor/invitation')->json->{invitations}[0]{trigger},
   $rule, 'offered');

for my $outcome (qw(shown opened)) {
    is($visitor->post('visitor/invitation', {
        trigger => $rule, outcome => $outcome,
    })->code, 204, $outcome);
}

# whoever has the lock is the only one who writes

sysopen my $lock, $t->state_dir . '/chat.lock', O_RDWR or die "lock: $!\n";
flock $lock, LOCK_EX or die "flock: $!\n";

my @codes = map {
    $visitor->get('/', headers => {
        'X-Order' => "id=N-$_;amount=1;currency=EUR",
    })->code;
} 1 .. N;

is_deeply([grep { $_ != 200 } @codes], [], 'every page comes');

# the last of them may be noted after its answer

my $lost;

ok(wait_for(sub { ($lost = lost()) >= N - 16 }), 'there is no room for most');
cmp_ok($lost, '<', N, "but for some: $lost are lost");
is(orders(), 0, 'none is counted yet');

flock $lock, LOCK_UN or die "flock: $!\n";

ok(wait_for(sub { orders() + lost() == N }), 'all the others are');

# a page that is loaded again is no news to the visit, another order is

my $counted = orders();

is($visitor->get('/', headers => {
    'X-Order' => 'id=M-1;amount=1;currency=EUR',
})->code, 200, 'and now there is room');
ok(wait_for(sub { orders() == $counted + 1 }), 'which counts');

$t->done;


sub orders {
    return $admin->get('admin/triggers')->json->{triggers}[0]{counts}{orders};
}


sub lost {
    return scalar(() =
        $t->log =~ /\[warn\].*"chat_queue": an order is not counted/g);
}
