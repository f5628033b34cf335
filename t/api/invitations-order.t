#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Orders that invitations led to: in the visit in which somebody said yes, or
# within a week of the conversation that began so.  Each counts once, with
# what it came to.

use lib 't/lib';
use Chat;
use Chat::Visits;

my $t = Chat->new(workers => 2)->config(<<'EOC')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_track on;
    chat_trust_headers on;
    chat_consent $http_x_consent;
    default_type text/html;

    server {
        listen 127.0.0.1:%%PORT%%;

        location / {
            add_header X-Chat-Order $http_x_order;
            return 200 "<html><body></body></html>";
        }
        location /untrusted {
            chat_trust_headers off;
            add_header X-Chat-Order $http_x_order;
            return 200 "<html><body></body></html>";
        }
        location /chat/ { chat; }
    }
}
EOC

my $admin = $t->admin;
my $there = $admin->present;
my $rule = $admin->rule;

is_deeply($rule->{sales}, [], 'nothing is sold yet');

# shown is not enough, yes is

my $one = visitor('one');

page($one);
told($one, 'shown');
page($one, 'id=A-1;amount=10;currency=EUR');
told($one, 'opened');
is(sold(), '0', 'an order from before');

page($one, 'id=A-2;amount=129.90;currency=EUR');
is_sold('1 129.90EUR', 'one order');

# a page that is loaded again, by somebody else, in another visit

page($one, 'id=A-2;amount=129.90;currency=EUR');
page($one, 'id=A-1;amount=10;currency=EUR');
page($one, 'id=A-2;amount=500;currency=EUR');
page($one, 'id=A-3;amount=0.10;currency=EUR');
is_sold('3 140.00EUR', 'an order counts once');

my $other = visitor('other');

page($other);
told($other, $_) for qw(shown opened);
page($other, 'id=A-3;amount=1;currency=EUR');
page($other, 'id=A-4;amount=5.5;currency=CHF');
page($other, 'id=A-5;amount=7');
is_sold('5 7.00,5.50CHF,140.00EUR', 'by currency');

# only what the backend may say

page($other, 'id=A-6;amount=1000;currency=EUR', path => '/untrusted');
page($other, 'id=A-7;amount=many;currency=EUR');

# nor of who was not invited, or said no

my $alone = visitor('alone');

page($alone, 'id=A-8;amount=1000;currency=EUR');

my $no = visitor('no');

page($no);
told($no, $_) for qw(shown dismissed);
page($no, 'id=A-9;amount=1000;currency=EUR');

# a conversation is claimed in a later visit, of who agrees to be recognised

my %yes = (consent => 1);
my $talked = visitor('talked');

page($talked, undef, %yes);
$talked->open;
told($talked, $_) for qw(shown opened);
is($talked->say('yes, please')->code, 201, 'a conversation');

my $conversation = (grep { $_->{id} == $talked->conversation }
    @{ $admin->get('operator/conversations')->json->{conversations} })[0];

is_deeply($conversation->{invitation},
          { trigger => $rule->{id}, name => 'Basket' },
          'which says what it came from');

$t->stop;
$t->start;

page($talked, 'id=B-1;amount=1000;currency=EUR');
page($talked, 'id=B-2;amount=1;currency=EUR', %yes);
is_sold('6 7.00,5.50CHF,141.00EUR',
        'in another visit, if that may be known');

# a rule that is no more keeps its figures

is($admin->request('DELETE', "admin/triggers/$rule->{id}")->code, 204, 'gone');
page($talked, 'id=B-3;amount=1;currency=EUR', %yes);
ok(wait_for(sub {
    db("SELECT orders FROM trigger WHERE id = $rule->{id}") == 7;
}, 10), 'counted all the same');

# nothing in the file tells whose an order was, or which

is(db('SELECT count(*) FROM trigger_order'), 7, 'seven of them');
is(db("SELECT count(*) FROM pragma_table_info('trigger_order')"
      . " WHERE name NOT IN ('id', 'trigger', 'at', 'amount', 'currency')"),
   0, 'and no more of each');

$t->done;


sub visitor ($name) {
    my $visitor = Chat::Visitor->new(chat => $t);

    $visitor->ua->transactor->name(BROWSER . " $name");

    return $visitor;
}


sub page ($visitor, $order = undef, %with) {
    is($visitor->get($with{path} // '/', headers => {
        $order ? ('X-Order' => $order) : (),
        $with{consent} ? ('X-Consent' => '1') : (),
    })->code, 200, 'a page' . ($order ? " of $order" : ''));
}


sub told ($visitor, $outcome) {
    $visitor->get('visitor/invitation') if $outcome eq 'shown';

    is($visitor->post('visitor/invitation', {
        trigger => $rule->{id}, outcome => $outcome,
    })->code, 204, $outcome);
}


# "2 7.00,140.00EUR": how many orders, and what they came to

sub sold {
    my ($trigger) = @{ $admin->get('admin/triggers')->json->{triggers} };

    return join ' ', $trigger->{counts}{orders},
        join(',', map { $_->{amount} . ($_->{currency} // '') }
            @{ $trigger->{sales} }) || ();
}


# an order is counted behind the page that tells of it

sub is_sold ($sold, $name) {
    ok(wait_for(sub { sold() eq $sold }, 10), $name)
        or diag('sold: ' . sold());
}


sub db ($sql) {
    my $db = DBI->connect('dbi:SQLite:dbname=' . $t->state_dir . '/chat.db',
                          '', '', { RaiseError => 1 });

    $db->sqlite_busy_timeout(5000);

    my ($value) = $db->selectrow_array($sql);

    $db->disconnect;

    return $value;
}
